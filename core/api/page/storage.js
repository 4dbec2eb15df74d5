// What the device remembers of a reader, and what a tab does until it is closed. A browser may
// forbid it: then nothing is remembered, and everything else works.

const prefix = "comments.";

function memory(storage) {
  return {
    recall(name) {
      try {
        return storage().getItem(prefix + name);
      } catch {
        return null;
      }
    },

    // null forgets.
    remember(name, value) {
      try {
        if (value === null) {
          storage().removeItem(prefix + name);
        } else {
          storage().setItem(prefix + name, value);
        }
      } catch {
        // Forbidden, or full.
      }
    },
  };
}

export const { recall, remember } = memory(() => localStorage);
export const tab = memory(() => sessionStorage);
