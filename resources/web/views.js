// Makes one answer of those for several views of a picture, as `core/classify/classifier.py` does.
"use strict";

globalThis.Views = (() => {
  const MOST_VIEWS = 2;
  const LEAST = 1e-45;

  function mean(rows) {
    return rows[0].map((_, index) => rows.reduce((sum, row) => sum + row[index], 0) / rows.length);
  }

  function softmax(logits) {
    const most = Math.max(...logits);
    const shares = logits.map((logit) => Math.exp(logit - most));
    const sum = shares.reduce((all, share) => all + share, 0);
    return shares.map((share) => share / sum);
  }

  const sigmoid = (odds) => 1 / (1 + Math.exp(-odds));
  const log = (share) => Math.log(Math.max(share, LEAST));
  const odds = (share) => log(share) - log(1 - share);

  /** The mean of what the network gave, before the temperature, which the model holds already. */
  function averaged(rows, { task, kind, temperature }) {
    if (task === "regression" || task === "embedding") return mean(rows);
    if (task === "multi-label") {
      const numbers = rows.map((row) => row.map((share) => temperature * odds(share)));
      if (kind === "logits") return mean(numbers).map((each) => sigmoid(each / temperature));
      return mean(numbers.map((row) => row.map(sigmoid))).map((share) => sigmoid(odds(share) / temperature));
    }
    const logits = rows.map((row) => row.map((share) => temperature * log(share)));
    const whole = kind === "logits" ? mean(logits) : mean(logits.map(softmax)).map(log);
    return softmax(whole.map((logit) => logit / temperature));
  }

  /** Returns the row that counts, and which part of a thin picture it is about: 0 for none. */
  function combined(rows, facts) {
    if (rows.length === 1) return { row: rows[0], part: 0 };
    if (rows.length <= MOST_VIEWS) return { row: averaged(rows, facts), part: 0 };
    if (facts.task === "multi-label") {
      return { row: rows[0].map((_, index) => Math.max(...rows.map((row) => row[index]))), part: 0 };
    }
    if (facts.task !== "classification") return { row: mean(rows), part: 0 };
    const best = rows.map((row) => Math.max(...row));
    const part = best.indexOf(Math.max(...best));
    return { row: rows[part], part: part + 1 };
  }

  return { combined };
})();
