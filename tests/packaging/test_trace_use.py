"""What a trace of the app shows."""

LOG = """\
123 openat(AT_FDCWD, "/app/_internal/libssl.so.3", O_RDONLY|O_CLOEXEC) = 3
123 openat(AT_FDCWD, "/app/_internal/missing.so", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
124 execve("/app/sightline", ["sightline"], 0x7ffd /* 30 vars */) = 0
125 openat(AT_FDCWD, "/app/_internal/cut off
"""


def test_only_what_was_opened_counts(script):
    found = script("trace_use").opened_in(LOG)
    assert found == ["/app/_internal/libssl.so.3", "/app/sightline"]


def test_the_rest_is_summed_by_folder_the_largest_first(script, tmp_path):
    (tmp_path / "pack").mkdir()
    sizes = {"a.so": 3000, "pack/one.py": 100, "pack/two.py": 50, "pack/used.py": 7}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "link.so").symlink_to("a.so")
    opened = {(tmp_path / "pack/used.py").resolve()}
    assert script("trace_use").unopened(tmp_path, opened) == [(3000, "a.so"), (150, "pack/*")]
