// Which comments of a thread are here: numbers alone. A thread's ids are 1, 2, 3 … without gaps:
// they say both the order and whether something is missing.

export class Thread {
  #known = new Set();
  #shown = []; // the largest first
  last = 0; // from the first one loaded up to this, nothing is missing
  total = 0;

  // The newest page: everything up to `total` is in it, or older than it.
  begin(total) {
    this.last = this.total = total;
  }

  // Whether it is news that this comment is here.
  learn(id) {
    if (this.#known.has(id)) {
      return false;
    }
    this.#known.add(id);
    this.total = Math.max(this.total, id);
    while (this.#known.has(this.last + 1)) {
      this.last += 1;
    }
    return true;
  }

  // Where among those shown a comment belongs, counted from the newest.
  place(id) {
    let begin = 0;
    let end = this.#shown.length;
    while (begin < end) {
      const middle = (begin + end) >> 1;
      if (this.#shown[middle] > id) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    this.#shown.splice(begin, 0, id);
    return begin;
  }
}
