"""A Cloud Run service as `gcloud run services describe` shows it (Knative's form), as values: what a new revision
and a change of traffic make of it. No processes here."""

import dataclasses
import datetime

import control

NOT_READY = ("Revision '{0}' is not ready and cannot serve traffic. The user-provided container failed to start and "
             "listen on the port defined provided by the PORT=8080 environment variable within the allocated "
             "timeout. Logs for this revision might contain more information.")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def condition(kind, is_true, message=""):
    """is_true: None while it is not known."""
    result = {"type": kind, "status": {True: "True", False: "False", None: "Unknown"}[is_true],
              "lastTransitionTime": now()}
    return {**result, "message": message} if message else result


@dataclasses.dataclass
class Revision:
    name: str
    image: str
    ready: bool | None = None
    message: str = ""

    def document(self, service):
        return {"apiVersion": "serving.knative.dev/v1", "kind": "Revision",
                "metadata": {"name": self.name, "labels": {"serving.knative.dev/service": service}},
                "spec": {"containers": [{"image": self.image}]},
                "status": {"conditions": [condition("Ready", self.ready, self.message)],
                           "imageDigest": self.image}}


@dataclasses.dataclass
class Service:
    name: str
    url: str
    generation: int = 0
    revisions: dict = dataclasses.field(default_factory=dict)  # name: Revision, the oldest first
    split: dict = dataclasses.field(default_factory=lambda: {"LATEST": 100})  # revision: percent
    tags: dict = dataclasses.field(default_factory=dict)  # tag: revision
    tag_urls: dict = dataclasses.field(default_factory=dict)

    def add(self, image):
        number = len(self.revisions) + 1
        name = f"{self.name}-{number:05d}-{''.join(chr(ord('a') + number * step % 26) for step in (7, 11, 5))}"
        self.revisions[name] = Revision(name, image)
        self.generation += 1
        return self.revisions[name]

    def latest(self, ready=True):
        """The newest revision's name, or of those that are ready; None."""
        return next((revision.name for revision in reversed(self.revisions.values())
                     if revision.ready or not ready), None)

    def shares(self):
        """{revision: percent}, without those that have none."""
        result = {}
        for name, percent in self.split.items():
            name = self.latest() if name == "LATEST" else name
            if name and percent:
                result[name] = result.get(name, 0) + percent
        return result

    def wanted(self):
        """The revisions that requests may reach."""
        return set(self.shares()) | set(self.tags.values())

    def route(self, split, tags, removed, clear):
        """A change of traffic; refused as a whole or made as a whole."""
        for name in [*split, *tags.values()]:
            if name == "LATEST":
                continue
            if name not in self.revisions:
                raise control.Refused(f"Revision [{name}] could not be found.")
            if not self.revisions[name].ready:
                raise control.Refused(NOT_READY.format(name))
        if split and sum(split.values()) != 100:
            raise control.Refused(f"the stand-in takes whole splits: {split} is not 100 in all")
        if split:
            self.split = {name: percent for name, percent in split.items() if percent}
        if clear:
            self.tags = {}
        self.tags = {tag: name for tag, name in {**self.tags, **tags}.items() if tag not in removed}
        self.generation += 1

    def traffic(self, with_urls):
        """Shares first, then tags, each tag an entry of its own without a share: what gcloud sends."""
        entries = []
        for name, percent in self.split.items():
            entry = {"revisionName": name, "percent": percent}
            if name == "LATEST":
                entry = {"latestRevision": True, "percent": percent}
                if with_urls and self.latest():
                    entry["revisionName"] = self.latest()
            entries.append(entry)
        for tag, name in self.tags.items():
            entries.append({"revisionName": name, "tag": tag,
                            **({"url": self.tag_urls[tag]} if with_urls and tag in self.tag_urls else {})})
        return entries

    def document(self):
        newest = self.revisions[self.latest(ready=False)]
        return {
            "apiVersion": "serving.knative.dev/v1", "kind": "Service",
            "metadata": {"name": self.name, "namespace": "123456789012", "generation": self.generation,
                         "labels": {"cloud.googleapis.com/location": "europe-west1"},
                         "annotations": {"run.googleapis.com/client-name": "terraform"}},
            "spec": {"template": {"spec": {"containerConcurrency": 1000, "timeoutSeconds": 3600,
                                           "containers": [{"image": newest.image}]}},
                     "traffic": self.traffic(with_urls=False)},
            "status": {"observedGeneration": self.generation,
                       "conditions": [condition("Ready", newest.ready, newest.message),
                                      condition("ConfigurationsReady", newest.ready, newest.message),
                                      condition("RoutesReady", True)],
                       "latestCreatedRevisionName": newest.name,
                       **({"latestReadyRevisionName": self.latest()} if self.latest() else {}),
                       "traffic": self.traffic(with_urls=True),
                       "url": self.url, "address": {"url": self.url}}}

    def targets(self):
        """What `gcloud run services update-traffic --format=json` prints: a list, not the service."""
        shares, result = self.shares(), []
        for name in {**shares, **dict.fromkeys(self.tags.values())}:
            tags = [tag for tag, tagged in self.tags.items() if tagged == name]
            percent = str(shares.get(name, 0))
            result.append({"displayPercent": f"{percent}%", "displayRevisionId": name,
                           "displayTags": ", ".join(tags), "key": name, "latestRevision": False,
                           "revisionName": name, "serviceUrl": self.url, "specPercent": percent,
                           "specTags": ", ".join(tags) or "-", "statusPercent": percent,
                           "statusTags": ", ".join(tags) or "-",
                           "tags": [{"inSpec": True, "inStatus": True, "tag": tag,
                                     "url": self.tag_urls.get(tag, "")} for tag in tags],
                           "urls": [self.tag_urls[tag] for tag in tags if tag in self.tag_urls]})
        return result
