"""The promises of `docs/promises.md` at full size: one module each, with `run(count)` and `FULL`."""
