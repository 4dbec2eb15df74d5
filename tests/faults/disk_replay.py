"""What a disk holds after a power cut, from the trace that libdisk_faults.so wrote.

A Disk takes the records of a trace in order, and can be asked at any moment what would be found if
the power went now. What a completed sync covers is there. The rest is there or not:

  dropped   nothing that was not synced: not the data, not a name whose folder was not synced
  kept      everything, as after kill -9, where the kernel lives on
  random    each un-synced write by the toss of a coin, some torn between sectors of 512 or pages of
            4096 bytes; the newest names may be missing (journals of names keep their order)

After a sync that failed, Linux calls the pages clean that it could not write: no later sync brings
them to the disk unless they are written again (ext4, XFS, Btrfs alike). So does a Disk.

It cannot show: sectors that hold garbage, sectors that rot, a disk that lies about a sync (the
library can, though), names that change their order in the file system's own journal.
"""

import dataclasses
import mmap
import struct

HEAD = struct.Struct("<QQQQ")
CREATE, WRITE, TRUNCATE, SYNC, FAILED_SYNC, SYNC_FOLDER, UNLINK, ACKNOWLEDGE, INJECT = (
    ord(kind) for kind in "CWTSFDUAI"
)
PAGE = 4096
MODES = ("dropped", "kept", "random")


@dataclasses.dataclass
class Record:
    kind: int
    file: int  # its inode
    offset: int
    data: bytes


def read_trace(path):
    """The records of a trace, in order."""
    if path.stat().st_size == 0:
        return []
    records = []
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as trace:
        at = 0
        while at < len(trace):
            kind, number, offset, length = HEAD.unpack_from(trace, at)
            at += HEAD.size
            records.append(Record(kind, number, offset, trace[at : at + length]))
            at += length
    return records


def apply_write(content, offset, data):
    if offset > len(content):
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def apply_truncate(content, size):
    del content[size:]
    content.extend(bytes(size - len(content)))


def torn(offset, data, sector):
    """The write as the sectors it touches."""
    pieces = []
    while data:
        size = sector - offset % sector
        pieces.append((offset, data[:size]))
        offset, data = offset + size, data[size:]
    return pieces


class File:
    def __init__(self):
        self.durable = bytearray()
        self.pending = []  # writes (offset, data) and truncations (size, None) since the last sync
        self.cache = bytearray()  # what a process sees
        self.failed = False

    def write(self, offset, data):
        apply_write(self.cache, offset, data)
        if self.failed:  # a page that is written to is dirty as a whole, and written as a whole
            start = offset - offset % PAGE
            end = min(offset + len(data) + PAGE - 1, len(self.cache) + PAGE - 1)
            offset, data = start, bytes(self.cache[start : end - end % PAGE])
        self.pending.append((offset, data))

    def truncate(self, size):
        apply_truncate(self.cache, size)
        self.pending.append((size, None))

    def sync(self):
        for offset, data in self.pending:
            apply_change(self.durable, offset, data)
        self.pending.clear()

    def sync_failed(self):
        self.pending = [change for change in self.pending if change[1] is None]
        self.failed = True

    def after_cut(self, mode, rng):
        if mode == "kept":
            return self.cache
        content = bytearray(self.durable)
        if mode == "random":
            for offset, data in self.pending:
                pieces = [(offset, data)]
                if data is not None and rng.random() < 0.5:
                    pieces = torn(offset, data, rng.choice((512, PAGE)))
                for piece in pieces:
                    if rng.random() < 0.5:
                        apply_change(content, *piece)
        return content


def apply_change(content, offset, data):
    if data is None:
        apply_truncate(content, offset)
    else:
        apply_write(content, offset, data)


def apply_name(names, change):
    name, file = change
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file


class Disk:
    def __init__(self):
        self.files = {}  # by inode, as it is used now
        self.names = {}  # name → File, as far as the folder was synced
        self.pending_names = []  # (name, File, or None for a removal), in order, since then
        self.acknowledged = []  # lines

    def take(self, record):
        kind = record.kind
        if kind == WRITE:
            self.files[record.file].write(record.offset, record.data)
        elif kind == TRUNCATE:
            self.files[record.file].truncate(record.offset)
        elif kind == SYNC:
            self.files[record.file].sync()
        elif kind == FAILED_SYNC:
            self.files[record.file].sync_failed()
        elif kind == CREATE:
            self.files[record.file] = File()
            self.pending_names.append((record.data.decode(), self.files[record.file]))
        elif kind == UNLINK:
            self.pending_names.append((record.data.decode(), None))
        elif kind == SYNC_FOLDER:
            for change in self.pending_names:
                apply_name(self.names, change)
            self.pending_names.clear()
        elif kind == ACKNOWLEDGE:
            self.acknowledged.append(record.data)

    def after_cut(self, mode, rng):
        """What a power cut now would leave: name → content."""
        survivors = {"dropped": 0, "kept": len(self.pending_names)}.get(
            mode, rng.randint(0, len(self.pending_names))
        )
        names = dict(self.names)
        for change in self.pending_names[:survivors]:
            apply_name(names, change)
        return {name: file.after_cut(mode, rng) for name, file in names.items()}


def write_folder(folder, contents):
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
