"""Several instances of the service over one PostgreSQL database."""

import service


class Fleet:
    """Each instance keeps its port for as long as the fleet lives, as an address keeps its name."""

    def __init__(self, folder, urls, binary=None):
        """An instance for each URL: most often the same one, several times."""
        self.folder = folder
        self.urls = list(urls)
        self.binary = binary
        self.instances = [None] * len(self.urls)

    def __enter__(self):
        try:
            for number in range(len(self.urls)):
                self.start(number)
        except BaseException:
            self.kill_all()
            raise
        return self

    def __exit__(self, kind, failure, trace):
        self.kill_all()
        if failure is None:
            for one in self.instances:
                one.check_errors()

    def __iter__(self):
        return iter(self.instances)

    def __getitem__(self, number):
        return self.instances[number]

    def __len__(self):
        return len(self.instances)

    def start(self, number):
        before = self.instances[number]
        ports = ("--port", str(before.port), "--admin-port", "0") if before else service.ANY_PORTS
        one = service.launch(self.folder, "--store", self.urls[number], binary=self.binary,
                             ports=ports)
        self.instances[number] = one
        one.wait_until_serving()
        return one

    def kill_and_restart(self, number):
        self.instances[number].kill()
        self.instances[number].check_errors()
        return self.start(number)

    def kill_all(self):
        for one in self.instances:
            if one:
                one.kill()

    def ports(self):
        return [one.port for one in self.instances]


def final_threads(fleet, content_ids):
    """Each thread's comments, in full view, from an instance that has nothing in its cache."""
    one = fleet.kill_and_restart(0)
    return {content_id: one.list(content_id) for content_id in content_ids}
