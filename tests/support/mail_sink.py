"""A mail server that keeps what it is given: SMTP (RFC 5321) as far as one sender needs it."""

import email
import email.policy
import socketserver
import threading


class Conversation(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        self.say("220 sink")
        recipients = []
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            verb = line[:4].upper()
            if verb == "RCPT":
                recipients.append(line.split("<")[1].split(">")[0])
            if verb == "DATA":
                self.say("354 go on")
                text = b""
                while (data := self.rfile.readline()) != b".\r\n":
                    text += data[1:] if data.startswith(b"..") else data
                message = email.message_from_bytes(text, policy=email.policy.default)
                self.server.mails.append((recipients, message))
                recipients = []
            self.say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return


class MailSink(socketserver.ThreadingTCPServer):
    """`mails`: [(recipients, message)], as they come. Serves within its `with`."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails = []
        self.port = self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
