// Runs the model beside the page, which goes on while it computes. ONNX Runtime stands before this text.
"use strict";

const started = new Promise((resolve, reject) => {
  self.addEventListener("message", async ({ data: { wasm, model } }) => {
    try {
      const address = URL.createObjectURL(new Blob([wasm], { type: "application/wasm" }));
      ort.env.wasm.numThreads = 1; // more would need headers that a file has not
      ort.env.wasm.proxy = false;
      ort.env.wasm.wasmPaths = { "ort-wasm-simd.wasm": address, "ort-wasm.wasm": address };
      resolve(await ort.InferenceSession.create(new Uint8Array(model), { executionProviders: ["wasm"] }));
      URL.revokeObjectURL(address);
    } catch (error) {
      reject(error);
    }
  }, { once: true });
});

started.then(
  (session) => {
    self.addEventListener("message", async ({ data: { number, views, sides } }) => {
      try {
        const rows = [];
        const start = performance.now();
        for (const view of views) {
          const picture = new ort.Tensor("uint8", view, [1, ...sides, 3]);
          const { probabilities } = await session.run({ picture });
          rows.push(Array.from(probabilities.data));
        }
        self.postMessage({ number, rows, seconds: (performance.now() - start) / 1000 });
      } catch (error) {
        self.postMessage({ number, problem: String(error.message ?? error) });
      }
    });
    self.postMessage({ ready: true });
  },
  (error) => self.postMessage({ broken: String(error.message ?? error) }),
);
