"""Buckets: a folder each, an object is a file in it, its generation the time in microseconds at which it was
written. So Terraform's local backend can keep its state where its object would be."""

import os
import pathlib
import time

from journal import locked


class Refused(Exception):
    """What gcloud would say; it ends with 1."""


REFUSED = "HTTPError 412: At least one of the pre-conditions you specified did not hold."


class Buckets:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def bucket(self, url):
        path = self.folder / url.removeprefix("gs://").split("/")[0]
        if not url.startswith("gs://") or not path.is_dir():
            raise Refused(f"{url} not found: 404.")
        return path

    def split(self, url):
        """gs://BUCKET/OBJECT#GENERATION as (file, GENERATION or "")."""
        address, _, generation = url.partition("#")
        name = address.removeprefix("gs://").partition("/")[2]
        return self.bucket(address) / name, generation

    def generation(self, file):
        """0: there is none."""
        return file.stat().st_mtime_ns // 1000 if file.is_file() else 0

    def find(self, url):
        file, wanted = self.split(url)
        generation = self.generation(file)
        if not generation or wanted not in ("", str(generation)):
            raise Refused(f"{url} not found: 404.")
        return file, generation

    def read(self, url):
        with locked(self.folder):
            return self.find(url)[0].read_bytes()

    def write(self, url, content, expected):
        """Returns the new generation."""
        file, _ = self.split(url)
        with locked(self.folder):
            self.check(file, expected)
            last = self.folder / "last-generation"
            generation = max(time.time_ns() // 1000, self.generation(last) + 1)
            file.parent.mkdir(parents=True, exist_ok=True)
            half = self.folder / "half"
            half.write_bytes(content)
            os.utime(half, ns=(generation * 1000,) * 2)
            half.rename(file)
            last.touch()
            os.utime(last, ns=(generation * 1000,) * 2)
            return generation

    def remove(self, url, expected):
        file, _ = self.split(url)
        with locked(self.folder):
            self.find(url)
            self.check(file, expected)
            file.unlink()

    def check(self, file, expected):
        if self.generation(file) != int(expected):
            raise Refused(REFUSED)

    def list(self, url):
        folder, _ = self.split(url)
        names = sorted(path.name + ("/" if path.is_dir() else "") for path in folder.glob("*"))
        if not names:
            raise Refused("One or more URLs matched no objects.")
        return [f"{url.rstrip('/')}/{name}" for name in names]

    def describe(self, url):
        file, generation = self.find(url)
        address = url.partition("#")[0]
        bucket, _, name = address.removeprefix("gs://").partition("/")
        moment = time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(generation / 1e6))
        return {"bucket": bucket, "content_type": "application/octet-stream", "creation_time": moment,
                "generation": str(generation), "metageneration": 1, "name": name,
                "size": file.stat().st_size, "storage_class": "STANDARD",
                "storage_url": f"{address}#{generation}", "update_time": moment}

    def describe_bucket(self, url):
        name = self.bucket(url).name
        return {"default_storage_class": "STANDARD", "location": "EUROPE-WEST1", "location_type": "region",
                "metageneration": 1, "name": name, "public_access_prevention": "enforced",
                "storage_url": f"gs://{name}/", "uniform_bucket_level_access": True,
                "versioning_enabled": True}
