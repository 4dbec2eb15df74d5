// What the device remembers of a reader. A browser may forbid it: then nothing is remembered, and
// everything else works.

const prefix = "comments.";

export function recall(name) {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
}

// null forgets.
export function remember(name, value) {
  try {
    if (value === null) {
      localStorage.removeItem(prefix + name);
    } else {
      localStorage.setItem(prefix + name, value);
    }
  } catch {
    // Forbidden, or full.
  }
}
