#!/usr/bin/env python3
"""Client of id_server in one file: Python 3.8 or later, nothing but the standard library.

    from id_client import IdClient, Server

    with IdClient([Server("10.0.0.1", 1200, "http://10.0.0.1:8080"),
                   Server("10.0.0.2", 1200, "http://10.0.0.2:8080")]) as ids:
        ids.get("order_id", "shop")                 # 'O2611220000'
        ids.get_many("order_id", "shop", 5)         # a list of five
        ids.monitor("order_id", "shop")             # {'counter': 8, 'node_offset': 0}

Asks the first server that is well, over UDP, and the next one where that does not answer in time or
cannot issue, until the deadline; over HTTP where the batch is large or no UDP is to be had. What fails
is asked last for a time that grows up to some seconds, then one request finds out.

Every request ends by its deadline, with ids or an IdClientError. An id is handed out once. All tries of a
request have one request_id: a server that is asked again gives the same ids; what another one made is a
gap.
"""

import collections
import http.client
import json
import os
import random
import select
import socket
import sys
import threading
import time
import urllib.parse

MOST_IDS = 10_000
LARGEST_DATAGRAM = 1400

_ROOM_FOR_ERRORS = 200  # an error over UDP is never longer than its request
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = 0.1, 5.0
_REQUEST_ID_BYTES = 16  # two requests that had the same would get the same ids
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.16
_LOOK_UP_AFTER = 3  # failures, as a name may mean another address by now

Server = collections.namedtuple("Server", "host udp_port http", defaults=("",))
Server.__doc__ = """One server: udp_port 0 for no UDP; http such as 'http://10.0.0.1:8080', '' for none."""


class IdClientError(Exception):
    """No ids. `error`: the server's name for the reason, or NO_ANSWER, TOO_LARGE, CLOSED; `code`: the
    server's, 400 to 599, or 0; `message`: for people."""

    def __init__(self, error, code, message):
        super().__init__("%s: %s" % (error, message) if message else error)
        self.error, self.code, self.message = error, code, message


class _Port:
    """One address of one server, and how it is thought of. Guarded by the client's lock."""

    def __init__(self, name, number, is_http, timeout):
        self.name, self.number, self.is_http, self.timeout = name, number, is_http, timeout
        self.failures, self.until, self.probed, self.heard = 0, 0.0, False, -1.0
        self.counts = {"asked": 0, "answered": 0, "silent": 0}

    def is_well(self, now):
        return self.failures == 0 or (not self.probed and now >= self.until)

    def begin(self, now):
        """Counts a request; true when it is the one that finds out."""
        self.counts["asked"] += 1
        if self.failures and self.is_well(now):
            self.probed = True
            return True
        return False

    def answered(self, now):
        self.counts["answered"] += 1
        self.failures, self.probed, self.heard = 0, False, now

    def bad(self, now):
        if self.failures and now < self.until:
            return
        longest = min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** min(self.failures, 6))
        self.until = now + longest * random.uniform(0.5, 1)
        self.failures += 1
        self.probed = False

    def silent(self, now, sent):
        """Who has answered another request meanwhile has only lost this one."""
        self.counts["silent"] += 1
        if self.heard >= sent:
            self.probed = False
        else:
            self.bad(now)

    def failed(self, now):
        self.counts["silent"] += 1
        self.bad(now)

    def state(self, now):
        if not self.failures:
            return "WELL"
        return "BACKED_OFF" if now < self.until else "PROBED"


class IdClient:
    """Asks a list of equal servers. Thread-safe: each thread has sockets of its own.

    servers        list of Server, in the order in which they are asked
    deadline       seconds that a request may take in all, with all its tries
    udp_timeout    seconds that one datagram is waited for before the next server is asked; a server
                   answers within 0.05
    http_timeout   the same over HTTP; a server answers within 2
    connect_timeout seconds for a connection over HTTP to come about
    udp_count      the largest count that is asked for over UDP where a server has HTTP, 1 to 600
    spread         False: each request begins at the first server that is well; True: at the next one
    request_ids    True: a server that is asked again gives the same ids; False: others
    local_address  address of this machine to send from, '' for the system's choice
    """

    def __init__(self, servers, deadline=3.0, udp_timeout=0.06, http_timeout=2.2, connect_timeout=0.1,
                 udp_count=20, spread=False, local_address="", request_ids=True):
        self._servers = [Server(*server) for server in servers]
        if not self._servers:
            raise ValueError("a client needs at least one server")
        for name, value in (("deadline", deadline), ("udp_timeout", udp_timeout),
                            ("http_timeout", http_timeout), ("connect_timeout", connect_timeout)):
            if not 0.001 <= value <= 3600:
                raise ValueError("%s must be 0.001 to 3600 seconds: %s" % (name, value))
        if not 1 <= udp_count <= 600:
            raise ValueError("udp_count must be 1 to 600: %s" % udp_count)
        self._deadline, self._udp_count, self._spread = deadline, udp_count, spread
        self._connect_timeout, self._local_address = connect_timeout, local_address
        self._request_ids = request_ids
        self._ports = []
        for number, server in enumerate(self._servers):
            if not 0 <= server.udp_port <= 65535:
                raise ValueError("UDP port must be 0 to 65535: %s" % server.udp_port)
            if not server.udp_port and not server.http:
                raise ValueError("a server needs a UDP port or an HTTP address: %s" % (server,))
            if server.udp_port:
                name = "udp://%s:%d" % (server.host, server.udp_port)
                self._ports.append(_Port(name, number, False, udp_timeout))
            if server.http:
                url = urllib.parse.urlsplit(server.http)
                if url.scheme not in ("http", "https") or not url.hostname or server.http.endswith("/"):
                    raise ValueError("HTTP address must be like http://10.0.0.1:8080, with no slash at "
                                     "its end: %s" % server.http)
                self._ports.append(_Port(server.http, number, True, http_timeout))
        self._have_http = any(port.is_http for port in self._ports)
        self._lock = threading.Lock()
        self._local = threading.local()
        self._sockets = []
        self._turn = 0
        self._closed = False
        self._counts = dict.fromkeys(("requests", "ids", "retries", "fail_overs", "timeouts", "refused",
                                      "failed", "lost"), 0)

    def get(self, rule, app, salt=""):
        """One id."""
        return self._ask("get", rule, app, salt, 0)

    def get_many(self, rule, app, count, salt=""):
        """So many ids, 1 to 10 000, all of one answer."""
        if not 1 <= count <= MOST_IDS:
            raise ValueError("count must be 1 to %d: %s" % (MOST_IDS, count))
        return self._ask("get", rule, app, salt, count)

    def hold(self, rule, app, request_id, salt=""):
        """An id of a gap-free rule, held for that name until it is confirmed or cancelled, or the rule's
        confirm_seconds have passed. The name says what the number is for, such as an order: 1 to 64 bytes,
        never the same for two things. To ask again by it is safe and brings the same id, on any server. Do
        not use the id before confirm() has returned it."""
        return self._ask("get", rule, app, salt, 0, self._named(request_id))

    def confirm(self, rule, app, request_id):
        """The id held for that name, which is used for good from now on; the same for who confirms again.
        NOT_HELD: another has the number by now, and the id must not be used. Any other error says nothing
        of it: confirm again."""
        return self._ask("confirm", rule, app, "", 0, self._named(request_id))

    def cancel(self, rule, app, request_id):
        """Gives back the number that is held for that name, if any."""
        self._ask("cancel", rule, app, "", 0, self._named(request_id))

    @staticmethod
    def _named(request_id):
        if not request_id:
            raise ValueError("a request_id must not be empty")
        return request_id

    def monitor(self, rule, app):
        """How far the counter is at the first server that knows it: counter and node_offset."""
        return self._ask("monitor", rule, app, "", 0)

    def metrics(self):
        """Counts since the client was made, and each address with its state."""
        now = time.monotonic()
        with self._lock:
            counts = dict(self._counts)
            counts["servers"] = [dict(port.counts, address=port.name, state=port.state(now))
                                 for port in self._ports]
            return counts

    def close(self):
        """Closes the sockets of all threads. No request may be under way."""
        with self._lock:
            self._closed = True
            for opened in self._sockets:
                opened.close()
            self._sockets.clear()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def _largest_batch(self):
        return MOST_IDS if self._have_http else self._udp_count

    def _ask(self, action, rule, app, salt, count, request_id=""):
        request = {"action": action, "rule_name": rule, "app_name": app}
        if salt:
            request["salt"] = salt
        if count:
            request["count"] = count
        if request_id:
            request["request_id"] = request_id
        elif action == "get" and self._request_ids:
            request["request_id"] = os.urandom(_REQUEST_ID_BYTES).hex()
        with self._lock:
            self._counts["requests"] += 1
        call = _Call(self, request, count)
        try:
            data = call.run()
        except IdClientError:
            with self._lock:
                self._counts["failed"] += 1
            raise
        finally:
            call.end()
        with self._lock:
            if action == "get":
                self._counts["ids"] += max(1, count)
        return data

    def _count(self, name, more=1):
        with self._lock:
            self._counts[name] += more

    def _begin(self):
        if not self._spread:
            return 0
        with self._lock:
            self._turn = (self._turn + 1) % len(self._servers)
            return self._turn

    def _next(self, http_only, begin, tried, told):
        """The next address to ask, counted as asked; and whether this request finds out about it."""
        now = time.monotonic()
        servers = len(self._servers)
        with self._lock:
            left = [port for port in self._ports
                    if port not in tried and port.number not in told and (port.is_http or not http_only)]
            if not left:
                return None, False
            best = min(left, key=lambda port: (not port.is_well(now), port.is_http,
                                               (port.number - begin) % servers))
            return best, best.begin(now)

    def _connections(self):
        """Of this thread: address -> socket or connection, and what is under way."""
        if not hasattr(self._local, "open"):
            self._local.open = {}
            self._local.seq = random.getrandbits(47)
        return self._local.open

    def _udp(self, port):
        known = self._connections()
        if port in known and port.failures < _LOOK_UP_AFTER:
            return known[port]
        server = self._servers[port.number]
        family, kind, protocol, _, address = socket.getaddrinfo(
            server.host, server.udp_port, 0, socket.SOCK_DGRAM)[0]
        if port in known:
            if known[port].getpeername() == address:
                return known[port]
            self._drop(port)
        opened = socket.socket(family, kind, protocol)
        try:
            opened.setblocking(False)
            if self._local_address:
                opened.bind((self._local_address, 0))
            opened.connect(address)
        except OSError:
            opened.close()
            raise
        self._keep(port, opened)
        return opened

    def _http(self, port):
        known = self._connections()
        if port not in known:
            url = urllib.parse.urlsplit(self._servers[port.number].http)
            kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
            self._keep(port, kind(url.hostname, url.port, timeout=self._connect_timeout))
        return known[port], urllib.parse.urlsplit(self._servers[port.number].http).path + "/ids"

    def _keep(self, port, opened):
        with self._lock:
            if self._closed:
                opened.close()
                raise IdClientError("CLOSED", 0, "the client is closed")
            self._sockets.append(opened)
        self._connections()[port] = opened

    def _drop(self, port):
        opened = self._connections().pop(port, None)
        if opened is not None:
            opened.close()
            with self._lock:
                if opened in self._sockets:
                    self._sockets.remove(opened)


class _Call:
    """One request with all its tries. Confined to its thread."""

    def __init__(self, client, request, count):
        self.client, self.request, self.count = client, request, count
        self.began = time.monotonic()
        self.deadline = self.began + client._deadline
        self.open = {}  # seq -> (port, sent), of datagrams that may still be answered
        self.sockets = {}
        self.trail, self.told = {}, set()
        self.refusal = self.verdict = self.data = None
        self.http_only = False
        self.probing = None

    def run(self):
        client = self.client
        if client._closed:
            raise IdClientError("CLOSED", 0, "the client is closed")
        if len(self._bytes(10 ** 19)) > LARGEST_DATAGRAM:
            if not client._have_http:
                raise IdClientError("TOO_LARGE", 0,
                                    "larger than a datagram of %d bytes" % LARGEST_DATAGRAM)
            self.http_only = True
        self.http_only |= client._have_http and self.count > client._udp_count
        begin, rounds, tries, last = client._begin(), 0, 0, None
        while True:
            tried = []
            while True:
                if time.monotonic() >= self.deadline:
                    raise self._at_deadline(tries)
                port, probe = client._next(self.http_only, begin, tried, self.told)
                if port is None:
                    break
                tries += 1
                if tries > 1:
                    client._count("retries")
                    if last.number != port.number:
                        client._count("fail_overs")
                last = port
                tried.append(port)
                self.trail.setdefault(port, "no answer yet")
                self.probing = port if probe else None
                if self._try_http(port) if port.is_http else self._try_udp(port):
                    return self.data
            if self.verdict is not None:
                raise self._refused(self.verdict)
            pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(rounds, 4)) * random.uniform(0.5, 1)
            rounds += 1
            if self._listen(min(self.deadline, time.monotonic() + pause), None):
                return self.data

    def end(self):
        if self.probing is not None:
            with self.client._lock:
                self.probing.probed = False

    def _bytes(self, seq):
        text = json.dumps(dict(self.request, seq=seq), ensure_ascii=True, separators=(",", ":"))
        return text.ljust(_ROOM_FOR_ERRORS).encode("ascii")

    def _seq(self):
        self.client._connections()
        self.client._local.seq += 1
        return self.client._local.seq

    def _try_udp(self, port):
        sent = time.monotonic()
        try:
            opened = self.client._udp(port)
            seq = self._seq()
            self.sockets = {known: its for known, its in self.sockets.items() if its is not port}
            self.sockets[opened] = port
            self.open[seq] = (port, sent)
            opened.send(self._bytes(seq))
        except OSError as failure:
            self._failed(port, failure)
            return False
        if "request_id" in self.request:
            # a datagram may have been lost: the very same once more brings the same ids
            if self._listen(min(self.deadline, sent + port.timeout / 2), seq):
                return True
            if seq not in self.open:
                return False
            if time.monotonic() < self.deadline:
                self.client._count("retries")
                try:
                    opened.send(self._bytes(seq))
                except OSError as failure:
                    del self.open[seq]
                    self._failed(port, failure)
                    return False
        return self._listen(min(self.deadline, sent + port.timeout), seq)

    def _listen(self, until, seq):
        """Takes what comes, up to then; true when there is data. Returns early when the try with that
        seq has been refused, or cannot be answered."""
        while True:
            now = time.monotonic()
            if now >= until:
                break
            if not self.sockets:
                time.sleep(until - now)
                break
            for opened in _readable(self.sockets, until - now):
                if self._receive(opened):
                    return True
            if seq is not None and seq not in self.open:
                return False
        if seq is not None:
            port, sent = self.open[seq]
            if time.monotonic() - sent >= port.timeout:
                self._silent(port, sent)
        return False

    def _receive(self, opened):
        port = self.sockets[opened]
        try:
            text = opened.recv(65536)
        except BlockingIOError:
            return False
        except OSError as failure:
            refused = [seq for seq, (its, _) in self.open.items() if its is port]
            for seq in refused:
                del self.open[seq]
            if refused:
                self._failed(port, failure)
            return False
        answer = _answer(text)
        if answer is None:
            return False
        asked = self.open.pop(answer.get("seq"), None) if isinstance(answer.get("seq"), int) else None
        if asked is None:
            # a second answer, or one to a request that has ended: its ids are nobody's
            data = answer.get("data")
            if answer["code"] == 0 and not isinstance(data, dict):
                self.client._count("lost", len(data) if isinstance(data, list) else 1)
            return False
        return self._answered(port, answer)

    def _try_http(self, port):
        client = self.client
        sent = time.monotonic()
        seq = self._seq()
        try:
            connection, path = client._http(port)
            if connection.sock is not None and _readable([connection.sock], 0):
                connection.close()  # the server has ended it meanwhile
            if connection.sock is None:
                connection.timeout = min(client._connect_timeout, max(0.001, self.deadline - sent))
                connection.connect()
            end = min(self.deadline, sent + port.timeout)
            connection.sock.settimeout(max(0.001, end - time.monotonic()))
            connection.request("POST", path, self._bytes(seq), {"Content-Type": "application/json"})
            response = connection.getresponse()
            text = _read(response, connection, end)
        except (OSError, http.client.HTTPException) as failure:
            client._drop(port)
            if isinstance(failure, socket.timeout) and time.monotonic() >= self.deadline:
                return False
            self._failed(port, failure)
            return False
        answer = _answer(text)
        if answer is None or answer.get("seq", seq) != seq:
            client._drop(port)
            self._failed(port, "HTTP status %d, not an id server" % response.status)
            return False
        return self._answered(port, answer)

    def _answered(self, port, answer):
        client, code, error = self.client, answer["code"], answer.get("error", "")
        message = answer.get("message", "")
        of_request = (400 <= code < 500 and code != 429) or error == "RULE_ERROR"
        with client._lock:
            port.answered(time.monotonic())
            if code >= 500 and not of_request:
                port.bad(time.monotonic())
        if self.probing is port:
            self.probing = None
        if code == 0:
            self.data = answer.get("data")
            if self._is_whole():
                return True
            self.trail[port] = "answered something else"
            return False
        client._count("refused")
        self.trail[port] = error
        if error == "BAD_FIELD" and message.startswith("count: at most") and client._have_http \
                and not port.is_http:
            self.http_only = True
            return False
        self.refusal = answer
        if error in ("EXHAUSTED", "NOT_FOUND"):  # each server counts for itself
            self.told.add(port.number)
            self.verdict = answer
        elif of_request:
            raise self._refused(answer)
        return False

    def _is_whole(self):
        if self.request["action"] == "monitor":
            return isinstance(self.data, dict)
        if self.request["action"] == "cancel":
            return self.data is None
        if self.count:
            return isinstance(self.data, list) and len(self.data) == self.count
        return isinstance(self.data, str)

    def _silent(self, port, sent):
        self.client._count("timeouts")
        self.trail[port] = "silent for %d ms" % round(port.timeout * 1000)
        with self.client._lock:
            port.silent(time.monotonic(), sent)
        self._probe_ended(port)

    def _failed(self, port, failure):
        text = str(failure)
        if isinstance(failure, ConnectionRefusedError):
            text = "nobody listens there"
        elif isinstance(failure, socket.timeout):
            text = "no answer in time"
            self.client._count("timeouts")
        self.trail[port] = text or type(failure).__name__
        with self.client._lock:
            port.failed(time.monotonic())
        self._probe_ended(port)

    def _probe_ended(self, port):
        if self.probing is port:
            self.probing = None

    def _at_deadline(self, tries):
        tried = "no ids within %d ms, after %d %s: %s" % (
            round(self.client._deadline * 1000), tries, "try" if tries == 1 else "tries",
            "; ".join("%s: %s" % (port.name, outcome) for port, outcome in self.trail.items()))
        if self.refusal is None:
            return IdClientError("NO_ANSWER", 0, tried)
        return self._refused(self.refusal, "; " + tried)

    @staticmethod
    def _refused(answer, more=""):
        return IdClientError(answer.get("error") or "ERROR_%d" % answer["code"], answer["code"],
                             answer.get("message", "") + more)


def _readable(sockets, seconds):
    """Those with something to read, once there are some; none when the time is over."""
    if not hasattr(select, "poll"):
        return select.select(list(sockets), [], [], seconds)[0]
    poll = select.poll()  # select() takes no socket with a number above 1023
    for each in sockets:
        poll.register(each, select.POLLIN)
    found = {number for number, _ in poll.poll(seconds * 1000)}
    return [each for each in sockets if each.fileno() in found]


def _read(response, connection, end):
    """The body, with the time that is left for each part of it."""
    parts = []
    while True:
        left = end - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        part = response.read(65536)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _answer(text):
    try:
        answer = json.loads(text.decode("utf-8"))
    except ValueError:
        return None
    if not isinstance(answer, dict) or not isinstance(answer.get("code"), int):
        return None
    return answer


class IdCache:
    """Ids of one namespace, fetched ahead by a thread of its own, so that most cost no round trip.
    Thread-safe.

    least    how many it keeps ahead at first; twice as many each time that somebody had to wait and as
             many have been taken
    most     how many it keeps ahead at the most
    max_age  seconds after which ids are dropped, 0 for never

    An id is as old as its batch: one with a date in it may show the day before for max_age after
    midnight. What is left at the end, or grows too old, is a gap.
    """

    def __init__(self, client, rule, app, least=20, most=100_000, max_age=60.0):
        if not 1 <= least <= most:
            raise ValueError("needs 1 <= least <= most: least=%s, most=%s" % (least, most))
        self._client, self._rule, self._app = client, rule, app
        self._least, self._most, self._max_age = least, most, max_age
        self._target = least
        self._ids = collections.deque()  # of (born, list of ids, the next one last)
        self._in_hand = 0
        self._changed = threading.Condition()
        self._failure, self._failures = None, 0
        self._taken = self._taken_to_grow = 0
        self._wanted = self._closed = False
        self._counts = {"fetched": 0, "expired": 0, "waits": 0, "failures": 0}
        threading.Thread(target=self._fetch, name="id-cache", daemon=True).start()

    def next(self):
        """The next id, which no other call returns. Waits where none is in hand, up to the client's
        deadline; raises IdClientError when none could be fetched."""
        with self._changed:
            waited, failures = False, self._failures
            while True:
                if self._closed:
                    raise IdClientError("CLOSED", 0, "the cache is closed")
                self._drop_old()
                if self._ids:
                    break
                if not waited:
                    waited = True
                    self._counts["waits"] += 1
                    if self._taken and self._taken >= self._taken_to_grow:
                        self._target = min(self._most, 2 * self._target)
                        self._taken_to_grow = self._taken + self._target
                if self._failures > failures:
                    raise self._failure
                self._want()
                self._changed.wait()
            batch = self._ids[0][1]
            taken = batch.pop()
            self._in_hand -= 1
            self._taken += 1
            if not batch:
                self._ids.popleft()
            if self._in_hand <= self._target // 2:
                self._want()
            return taken

    def metrics(self):
        """Counts since the cache was made, what is in hand and how many are kept ahead."""
        with self._changed:
            return dict(self._counts, in_hand=self._in_hand, target=self._target)

    def close(self):
        """Drops what is in hand and ends the thread."""
        with self._changed:
            self._closed = True
            self._ids.clear()
            self._changed.notify_all()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def _want(self):
        if not self._wanted:
            self._wanted = True
            self._changed.notify_all()

    def _drop_old(self):
        if not self._max_age:
            return
        oldest = time.monotonic() - self._max_age
        while self._ids and self._ids[0][0] < oldest:
            old = self._ids.popleft()[1]
            self._in_hand -= len(old)
            self._counts["expired"] += len(old)
            self._target = max(self._least, self._target // 2)

    def _fetch(self):
        while True:
            with self._changed:
                while not self._wanted and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                count = min(self._target + self._target // 2 - self._in_hand, self._client._largest_batch())
            try:
                ids = self._client.get_many(self._rule, self._app, max(1, count))
                failure = None
            except Exception as problem:  # whoever waits is told
                ids, failure = [], problem
            with self._changed:
                if failure is not None:
                    self._failure, self._failures = failure, self._failures + 1
                    self._counts["failures"] += 1
                    self._wanted = False
                elif not self._closed:
                    self._ids.append((time.monotonic(), ids[::-1]))
                    self._in_hand += len(ids)
                    self._counts["fetched"] += len(ids)
                    self._wanted = self._in_hand <= self._target // 2
                self._changed.notify_all()


def _main():
    """Serves a script: reads one JSON command a line from stdin, writes one JSON result a line.

    {"servers":[["127.0.0.1",1200,"http://127.0.0.1:8080"]],"deadline":3}      first, the client
    {"do":"get","rule":"order_id","app":"shop","salt":"","count":0}            count 0: one id
    {"do":"hold","rule":"invoice","app":"shop","request_id":"order-1"}         and confirm, cancel
    {"do":"monitor","rule":"order_id","app":"shop"}
    {"do":"cache","rule":"order_id","app":"shop","threads":4,"ids":1000}       through an IdCache
    {"do":"metrics"}
    """
    settings = json.loads(sys.stdin.readline())
    client = IdClient(**settings)
    for line in sys.stdin:
        command = json.loads(line)
        began = time.monotonic()
        try:
            result = {"ok": _do(client, command)}
        except IdClientError as refused:
            result = {"error": refused.error, "code": refused.code, "message": refused.message}
        result["ms"] = (time.monotonic() - began) * 1000
        print(json.dumps(result), flush=True)


def _do(client, command):
    act = command["do"]
    if act == "metrics":
        return client.metrics()
    rule, app = command["rule"], command["app"]
    if act == "monitor":
        return client.monitor(rule, app)
    if act in ("hold", "confirm", "cancel"):
        return getattr(client, act)(rule, app, command["request_id"])
    if act == "cache":
        return _cached(client, rule, app, command["threads"], command["ids"])
    if command.get("count"):
        return client.get_many(rule, app, command["count"], command.get("salt", ""))
    return client.get(rule, app, command.get("salt", ""))


def _cached(client, rule, app, threads, ids):
    taken = [[] for _ in range(threads)]
    refused = []
    with IdCache(client, rule, app) as cache:
        def take(into):
            try:
                for _ in range(ids):
                    into.append(cache.next())
            except IdClientError as reason:
                refused.append(reason)
        running = [threading.Thread(target=take, args=(into,)) for into in taken]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    if refused:
        raise refused[0]
    return [each for into in taken for each in into]


if __name__ == "__main__":
    _main()
