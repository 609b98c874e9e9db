"""Chromium without a window, controlled through its debugging pipe; needs no package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--window-size=900,900",
    "--remote-debugging-pipe",
)

# Chromium reads commands from descriptor 3 and writes to 4.
_WITH_PIPES = """
import os, sys
reading, writing = os.dup(int(sys.argv[1])), os.dup(int(sys.argv[2]))
os.dup2(reading, 3)
os.dup2(writing, 4)
os.set_inheritable(3, True)  # dup2 does so only for another number
os.set_inheritable(4, True)
os.execv(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One page in a fresh profile.

    Attributes:
        complaints: What the page wrote to its console as an error, refused loads included.
        addresses: Everything that the page asked for.
    """

    def __init__(self, profile):
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-S", "-c", _WITH_PIPES, str(to_browser), str(from_browser), PROGRAM),
                *(*_OPTIONS, f"--user-data-dir={profile}", "about:blank"),
            ],
            pass_fds=(to_browser, from_browser),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._number = 0
        self._session = None
        self.complaints = []
        self.addresses = []
        pages = []
        while not pages:  # it responds before its first page exists
            targets = self.call("Target.getTargets")["targetInfos"]
            pages = [target["targetId"] for target in targets if target["type"] == "page"]
        self._session = self.call("Target.attachToTarget", targetId=pages[0], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "DOM"):
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        """Do one thing and return its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._number:
            self._note(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def open(self, url):
        """Go to a page and wait until it is loaded."""
        self.call("Page.navigate", url=url)
        while (answer := self._receive()).get("method") != "Page.loadEventFired":
            self._note(answer)

    def run(self, code):
        """Evaluate JavaScript, waiting for promises, and return its value."""
        result = self.call("Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_for(self, condition, seconds=60):
        """Wait until JavaScript is true."""
        done = self.run(
            f"new Promise(resolve => {{ const end = Date.now() + {seconds * 1000};"
            f"const look = () => {{ let met = false; try {{ met = {condition} }} catch {{}}"
            "if (met || Date.now() > end) resolve(Boolean(met)); else setTimeout(look, 20) }; look() })"
        )
        assert done, f"{condition} never came true: {self.run('document.body.innerText')}"

    def choose_files(self, selector, *paths):
        """Choose files in a field, as a person does in the dialog."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])

    def picture(self, path):
        """Save what the page looks like."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def dark(self, on=True):
        """Prefer the dark scheme."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if on else "light"}
        self.call("Emulation.setEmulatedMedia", features=[feature])

    def close(self):
        """End the browser."""
        os.close(self._write)
        self._process.kill()
        self._process.wait(60)
        os.close(self._read)

    def _receive(self):
        while b"\0" not in self._buffer:
            data = os.read(self._read, 1 << 16)
            assert data, "the browser ended"
            self._buffer += data
        text, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(text)

    def _note(self, event):
        details = event.get("params", {})
        match event.get("method"):
            case "Log.entryAdded":
                self.complaints.append(details["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(details["exceptionDetails"]["text"])
            case "Network.requestWillBeSent":
                self.addresses.append(details["request"]["url"])
