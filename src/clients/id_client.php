<?php
/**
 * Client of id_server in one file: PHP 7.4 or later, no extension but json.
 *
 *     require 'id_client.php';
 *     $ids = new IdClient([['10.0.0.1', 1200, 'http://10.0.0.1:8080'], ['10.0.0.2', 1200, 'http://10.0.0.2:8080']]);
 *     $ids->get('order_id', 'shop');             // 'O2611220000'
 *     $ids->getMany('order_id', 'shop', 5);      // an array of five
 *     $ids->monitor('order_id', 'shop');         // ['counter' => 8, 'node_offset' => 0]
 *
 * Asks the first server that is well, over UDP, and the next one where that does not answer in time or cannot issue,
 * until the deadline; over HTTP where the batch is large or no UDP is to be had. What fails is asked last for a time
 * that grows up to some seconds, then one request finds out. Every request ends by its deadline, with ids or with an
 * IdClientException. An id is handed out once. All tries of a request have one request_id: a server that is asked again
 * gives the same ids; what another one made is a gap.
 *
 * What is known of the servers lives as long as the object: keep one for the whole process.
 */

declare(strict_types=1);

/** No ids. The server's code (400 to 599, or 0) is getCode(). */
final class IdClientException extends RuntimeException
{
    /** @var string the server's name for the reason, or NO_ANSWER, TOO_LARGE, CLOSED */
    private $error;

    public function __construct(string $error, int $code, string $message)
    {
        parent::__construct($message === '' ? $error : "$error: $message", $code);
        $this->error = $error;
    }

    public function getError(): string
    {
        return $this->error;
    }
}

/** One address of one server, and how it is thought of. */
final class IdClientPort
{
    private const FIRST_BACK_OFF = 0.1;
    private const LONGEST_BACK_OFF = 5.0;

    public $name;
    public $number;
    public $isHttp;
    public $timeout;
    /** @var resource|null */
    public $stream = null;
    public $failures = 0;
    public $asked = 0;
    public $answered = 0;
    public $silent = 0;
    private $until = 0.0;
    private $heard = -1.0;

    public function __construct(string $name, int $number, bool $isHttp, float $timeout)
    {
        $this->name = $name;
        $this->number = $number;
        $this->isHttp = $isHttp;
        $this->timeout = $timeout;
    }

    public function isWell(float $now): bool
    {
        // one request at a time, as PHP has it: who asks is the one that finds out
        return $this->failures === 0 || $now >= $this->until;
    }

    public function answered(float $now): void
    {
        $this->answered++;
        $this->failures = 0;
        $this->heard = $now;
    }

    public function bad(float $now): void
    {
        if ($this->failures > 0 && $now < $this->until) {
            return;
        }
        $longest = min(self::LONGEST_BACK_OFF, self::FIRST_BACK_OFF * 2 ** min($this->failures, 6));
        $this->until = $now + $longest * (0.5 + mt_rand() / mt_getrandmax() / 2);
        $this->failures++;
    }

    /** Who has answered another request meanwhile has only lost this one. */
    public function silent(float $now, float $sent): void
    {
        $this->silent++;
        if ($this->heard < $sent) {
            $this->bad($now);
        }
    }

    public function failed(float $now): void
    {
        $this->silent++;
        $this->bad($now);
    }

    public function state(float $now): string
    {
        if ($this->failures === 0) {
            return 'WELL';
        }
        return $now < $this->until ? 'BACKED_OFF' : 'PROBED';
    }

    public function drop(): void
    {
        if ($this->stream !== null) {
            fclose($this->stream);
            $this->stream = null;
        }
    }
}

/** Asks a list of equal servers. */
final class IdClient
{
    public const MOST_IDS = 10000;

    private const LARGEST_DATAGRAM = 1400;
    private const ROOM_FOR_ERRORS = 200; // an error over UDP is never longer than its request
    private const LOOK_UP_AFTER = 3; // failures, as a name may mean another address by now

    private $servers = [];
    /** @var IdClientPort[] */
    private $ports = [];
    private $deadline;
    private $connectTimeout;
    private $udpCount;
    private $spread;
    private $localAddress;
    private $requestIds;
    private $haveHttp = false;
    private $turn;
    private $seq;
    private $closed = false;
    private $counts = ['requests' => 0, 'ids' => 0, 'retries' => 0, 'fail_overs' => 0, 'timeouts' => 0, 'refused' => 0,
        'failed' => 0, 'lost' => 0];

    /**
     * @param array $servers of [host, UDP port (0: none), HTTP address ('' or missing: none)], in the order in which
     *     they are asked
     * @param array $settings all optional, times in seconds:
     *     deadline (3) that a request may take in all, with all its tries;
     *     udp_timeout (0.06) that one datagram is waited for before the next server is asked; a server answers within
     *     0.05; http_timeout (2.2) the same over HTTP; a server answers within 2; connect_timeout (0.1) for a
     *     connection to come about; udp_count (20) the largest count that is asked for over UDP where a server has
     *     HTTP, 1 to 600; spread (false): true lets each request begin at the next server; local_address ('') to send
     *     datagrams from; request_ids (true): a server that is asked again gives the same ids; false: others
     */
    public function __construct(array $servers, array $settings = [])
    {
        $defaults = ['deadline' => 3.0, 'udp_timeout' => 0.06, 'http_timeout' => 2.2, 'connect_timeout' => 0.1,
            'udp_count' => 20, 'spread' => false, 'local_address' => '', 'request_ids' => true];
        foreach (array_keys(array_diff_key($settings, $defaults)) as $unknown) {
            throw new InvalidArgumentException("no such setting: $unknown");
        }
        $settings += $defaults;
        foreach (['deadline', 'udp_timeout', 'http_timeout', 'connect_timeout'] as $name) {
            if ($settings[$name] < 0.001 || $settings[$name] > 3600) {
                throw new InvalidArgumentException("$name must be 0.001 to 3600 seconds: $settings[$name]");
            }
        }
        if ($settings['udp_count'] < 1 || $settings['udp_count'] > 600) {
            throw new InvalidArgumentException("udp_count must be 1 to 600: $settings[udp_count]");
        }
        if ($servers === []) {
            throw new InvalidArgumentException('a client needs at least one server');
        }
        $this->deadline = (float) $settings['deadline'];
        $this->connectTimeout = (float) $settings['connect_timeout'];
        $this->udpCount = (int) $settings['udp_count'];
        $this->spread = (bool) $settings['spread'];
        $this->localAddress = (string) $settings['local_address'];
        $this->requestIds = (bool) $settings['request_ids'];
        $this->seq = random_int(0, 1 << 46);
        $this->turn = random_int(0, count($servers) - 1); // many short processes are spread as well
        foreach (array_values($servers) as $number => $server) {
            $this->add($number, $server, $settings);
        }
    }

    private function add(int $number, array $server, array $settings): void
    {
        [$host, $udpPort, $http] = array_values($server) + ['', 0, ''];
        if ($udpPort < 0 || $udpPort > 65535) {
            throw new InvalidArgumentException("UDP port must be 0 to 65535: $udpPort");
        }
        if ($udpPort === 0 && $http === '') {
            throw new InvalidArgumentException("a server needs a UDP port or an HTTP address: $host");
        }
        $this->servers[$number] = [$host, $udpPort, $http];
        if ($udpPort > 0) {
            $name = "udp://$host:$udpPort";
            $this->ports[] = new IdClientPort($name, $number, false, (float) $settings['udp_timeout']);
        }
        if ($http !== '') {
            $url = parse_url($http);
            $known = in_array($url['scheme'] ?? '', ['http', 'https'], true) && isset($url['host']);
            if (!$known || substr($http, -1) === '/') {
                throw new InvalidArgumentException(
                    "HTTP address must be like http://10.0.0.1:8080, with no slash at its end: $http"
                );
            }
            $this->ports[] = new IdClientPort($http, $number, true, (float) $settings['http_timeout']);
            $this->haveHttp = true;
        }
    }

    /** One id. */
    public function get(string $rule, string $app, string $salt = ''): string
    {
        return $this->ask('get', $rule, $app, $salt, 0);
    }

    /**
     * So many ids, 1 to 10 000, all of one answer.
     *
     * @return string[]
     */
    public function getMany(string $rule, string $app, int $count, string $salt = ''): array
    {
        if ($count < 1 || $count > self::MOST_IDS) {
            throw new InvalidArgumentException('count must be 1 to ' . self::MOST_IDS . ": $count");
        }
        return $this->ask('get', $rule, $app, $salt, $count);
    }

    /**
     * An id of a gap-free rule, held for that name until it is confirmed or cancelled, or the rule's confirm_seconds have
     * passed. The name says what the number is for, such as an order: 1 to 64 bytes, never the same for two things. To ask
     * again by it is safe and brings the same id, on any server. Do not use the id before confirm() has returned it.
     */
    public function hold(string $rule, string $app, string $requestId, string $salt = ''): string
    {
        return $this->ask('get', $rule, $app, $salt, 0, self::named($requestId));
    }

    /**
     * The id held for that name, which is used for good from now on; the same for who confirms again. NOT_HELD: another has
     * the number by now, and the id must not be used. Any other error says nothing of it: confirm again.
     */
    public function confirm(string $rule, string $app, string $requestId): string
    {
        return $this->ask('confirm', $rule, $app, '', 0, self::named($requestId));
    }

    /** Gives back the number that is held for that name, if any. */
    public function cancel(string $rule, string $app, string $requestId): void
    {
        $this->ask('cancel', $rule, $app, '', 0, self::named($requestId));
    }

    private static function named(string $requestId): string
    {
        if ($requestId === '') {
            throw new InvalidArgumentException('a request_id must not be empty');
        }
        return $requestId;
    }

    /** How far the counter is at the first server that knows it: counter and node_offset. */
    public function monitor(string $rule, string $app): array
    {
        return $this->ask('monitor', $rule, $app, '', 0);
    }

    /** Counts since the client was made, and each address with its state. */
    public function metrics(): array
    {
        $now = self::now();
        $servers = [];
        foreach ($this->ports as $port) {
            $servers[] = ['address' => $port->name, 'state' => $port->state($now), 'asked' => $port->asked,
                'answered' => $port->answered, 'silent' => $port->silent];
        }
        return $this->counts + ['servers' => $servers];
    }

    /** The most ids of one request that is sure to be of the right size. */
    public function largestBatch(): int
    {
        return $this->haveHttp ? self::MOST_IDS : $this->udpCount;
    }

    /** Closes the sockets. */
    public function close(): void
    {
        $this->closed = true;
        foreach ($this->ports as $port) {
            $port->drop();
        }
    }

    private static function now(): float
    {
        return hrtime(true) / 1e9;
    }

    /** @return string|string[]|array */
    private function ask(string $action, string $rule, string $app, string $salt, int $count, string $requestId = '')
    {
        $request = ['action' => $action, 'rule_name' => $rule, 'app_name' => $app];
        if ($salt !== '') {
            $request['salt'] = $salt;
        }
        if ($count > 0) {
            $request['count'] = $count;
        }
        if ($requestId !== '') {
            $request['request_id'] = $requestId;
        } elseif ($action === 'get' && $this->requestIds) {
            // random, as two requests that had the same would get the same ids
            $request['request_id'] = bin2hex(random_bytes(16));
        }
        $this->counts['requests']++;
        $call = new IdClientCall($request, $count, self::now() + $this->deadline);
        try {
            $data = $this->answer($call);
        } catch (IdClientException $e) {
            $this->counts['failed']++;
            throw $e;
        }
        $this->counts['ids'] += $action === 'get' ? max(1, $count) : 0;
        return $data;
    }

    private function answer(IdClientCall $call)
    {
        if ($this->closed) {
            throw new IdClientException('CLOSED', 0, 'the client is closed');
        }
        $size = strlen($this->bytes($call, PHP_INT_MAX));
        if ($size > self::LARGEST_DATAGRAM && !$this->haveHttp) {
            $message = 'larger than a datagram of ' . self::LARGEST_DATAGRAM . ' bytes';
            throw new IdClientException('TOO_LARGE', 0, $message);
        }
        $call->httpOnly = $this->haveHttp && ($size > self::LARGEST_DATAGRAM || $call->count > $this->udpCount);
        $begin = $this->spread ? $this->turn = ($this->turn + 1) % count($this->servers) : 0;
        $last = null;
        $tries = 0;
        for ($round = 0;; $round++) {
            $tried = [];
            while (($port = $this->next($call, $begin, $tried)) !== null) {
                if (self::now() >= $call->deadline) {
                    throw $this->atDeadline($call, $tries);
                }
                $this->counts['retries'] += $tries > 0 ? 1 : 0;
                $this->counts['fail_overs'] += $last !== null && $last->number !== $port->number ? 1 : 0;
                $tries++;
                $port->asked++;
                $last = $port;
                $tried[] = $port;
                $call->trail += [$port->name => 'no answer yet'];
                if ($port->isHttp ? $this->tryHttp($call, $port) : $this->tryUdp($call, $port)) {
                    return $call->data;
                }
            }
            if ($call->verdict !== null) {
                throw self::refusal($call->verdict);
            }
            if (self::now() >= $call->deadline) {
                throw $this->atDeadline($call, $tries);
            }
            $pause = 0.01 * 2 ** min($round, 4) * (0.5 + mt_rand() / mt_getrandmax() / 2);
            if ($this->listen($call, min($call->deadline, self::now() + $pause), null)) {
                return $call->data;
            }
        }
    }

    private function next(IdClientCall $call, int $begin, array $tried): ?IdClientPort
    {
        $now = self::now();
        $servers = count($this->servers);
        $best = null;
        $bestRank = PHP_INT_MAX;
        foreach ($this->ports as $port) {
            if (($call->httpOnly && !$port->isHttp) || in_array($port, $tried, true)
                || in_array($port->number, $call->told, true)) {
                continue;
            }
            $kind = ($port->isWell($now) ? 0 : 2) + ($port->isHttp ? 1 : 0);
            $rank = $kind * $servers + ($port->number - $begin + $servers) % $servers;
            if ($rank < $bestRank) {
                $best = $port;
                $bestRank = $rank;
            }
        }
        return $best;
    }

    private function bytes(IdClientCall $call, int $seq): string
    {
        $flags = JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;
        return str_pad(json_encode($call->request + ['seq' => $seq], $flags), self::ROOM_FOR_ERRORS);
    }

    private function tryUdp(IdClientCall $call, IdClientPort $port): bool
    {
        $sent = self::now();
        if ($port->failures >= self::LOOK_UP_AFTER && filter_var($this->host($port), FILTER_VALIDATE_IP) === false) {
            $port->drop();
        }
        if ($port->stream === null) {
            $options = $this->localAddress === '' ? [] : ['socket' => ['bindto' => $this->localAddress . ':0']];
            $context = stream_context_create($options);
            $address = 'udp://' . $this->host($port) . ':' . $this->servers[$port->number][1];
            $stream = @stream_socket_client($address, $code, $message, 1, STREAM_CLIENT_CONNECT, $context);
            if ($stream === false) {
                $this->failed($call, $port, $message === '' ? 'unknown host' : $message);
                return false;
            }
            stream_set_blocking($stream, false);
            $port->stream = $stream;
        }
        $seq = ++$this->seq;
        $call->open[$seq] = [$port, $sent];
        if (@stream_socket_sendto($port->stream, $this->bytes($call, $seq)) < 0) {
            unset($call->open[$seq]);
            $this->failed($call, $port, 'nobody listens there');
            return false;
        }
        if (isset($call->request['request_id'])) {
            // a datagram may have been lost: the very same once more brings the same ids
            if ($this->listen($call, min($call->deadline, $sent + $port->timeout / 2), $seq)) {
                return true;
            }
            if (!isset($call->open[$seq])) {
                return false;
            }
            if (self::now() < $call->deadline) {
                $this->counts['retries']++;
                @stream_socket_sendto($port->stream, $this->bytes($call, $seq));
            }
        }
        return $this->listen($call, min($call->deadline, $sent + $port->timeout), $seq);
    }

    private function host(IdClientPort $port): string
    {
        $host = $this->servers[$port->number][0];
        return strpos($host, ':') === false || $host[0] === '[' ? $host : "[$host]";
    }

    /** Takes what comes, up to then; true when there is data. Returns early when that try cannot be answered. */
    private function listen(IdClientCall $call, float $until, ?int $seq): bool
    {
        while (($left = $until - self::now()) > 0) {
            $streams = [];
            foreach ($call->open as [$port]) {
                if ($port->stream !== null) {
                    $streams[spl_object_id($port)] = $port->stream;
                }
            }
            if ($streams === []) {
                usleep((int) ($left * 1e6) + 1);
                break;
            }
            $none = null;
            if (@stream_select($streams, $none, $none, (int) $left, (int) (fmod($left, 1) * 1e6) + 1) > 0) {
                foreach ($this->ports as $port) {
                    if (isset($streams[spl_object_id($port)]) && $this->receive($call, $port)) {
                        return true;
                    }
                }
            }
            if ($seq !== null && !isset($call->open[$seq])) {
                return false;
            }
        }
        if ($seq !== null && isset($call->open[$seq])) {
            [$port, $sent] = $call->open[$seq];
            if (self::now() - $sent >= $port->timeout) {
                $this->counts['timeouts']++;
                $call->trail[$port->name] = sprintf('silent for %d ms', round($port->timeout * 1000));
                $port->silent(self::now(), $sent);
            }
        }
        return false;
    }

    private function receive(IdClientCall $call, IdClientPort $port): bool
    {
        $text = @stream_socket_recvfrom($port->stream, 65536);
        if ($text === false || $text === '') {
            // readable and nothing there: nobody listens
            $refused = 0;
            foreach ($call->open as $seq => [$its]) {
                if ($its === $port) {
                    unset($call->open[$seq]);
                    $refused++;
                }
            }
            if ($refused > 0) {
                $this->failed($call, $port, 'nobody listens there');
            }
            return false;
        }
        $answer = self::decoded($text);
        if ($answer === null) {
            return false;
        }
        $seq = $answer['seq'] ?? null;
        if (!is_int($seq) || !isset($call->open[$seq])) {
            // a second answer, or one to a request that has ended: its ids are nobody's
            $data = $answer['data'] ?? [];
            $this->counts['lost'] += is_string($data) ? 1 : (isset($data[0]) ? count($data) : 0);
            return false;
        }
        unset($call->open[$seq]);
        return $this->answered($call, $port, $answer);
    }

    private static function decoded(string $text): ?array
    {
        $answer = json_decode($text, true);
        return is_array($answer) && is_int($answer['code'] ?? null) ? $answer : null;
    }

    private function tryHttp(IdClientCall $call, IdClientPort $port): bool
    {
        $seq = ++$this->seq;
        $end = min($call->deadline, self::now() + $port->timeout);
        $reply = $this->exchange($port, $this->bytes($call, $seq), $end);
        if (is_string($reply)) {
            $port->drop();
            if (self::now() < $call->deadline) {
                $this->failed($call, $port, $reply);
            }
            return false;
        }
        [$status, $body] = $reply;
        $answer = self::decoded($body);
        if ($answer === null || ($answer['seq'] ?? $seq) !== $seq) {
            $port->drop();
            $this->failed($call, $port, "HTTP status $status, not an id server");
            return false;
        }
        return $this->answered($call, $port, $answer);
    }

    /** @return string|array what failed, or status and body */
    private function exchange(IdClientPort $port, string $bytes, float $end)
    {
        $url = parse_url($port->name);
        if ($port->stream !== null && $this->waitFor($port->stream, 0.0)) {
            $port->drop(); // the server has ended it meanwhile
        }
        if ($port->stream === null) {
            $secure = $url['scheme'] === 'https';
            $address = ($secure ? 'tls' : 'tcp') . "://$url[host]:" . ($url['port'] ?? ($secure ? 443 : 80));
            $left = min($this->connectTimeout, max(0.001, $end - self::now()));
            $stream = @stream_socket_client($address, $code, $message, $left);
            if ($stream === false) {
                return $message === '' ? 'no connection in time' : $message;
            }
            stream_set_blocking($stream, false);
            $port->stream = $stream;
        }
        $request = 'POST ' . ($url['path'] ?? '') . "/ids HTTP/1.1\r\nHost: $url[host]"
            . (isset($url['port']) ? ":$url[port]" : '') . "\r\nContent-Type: application/json\r\nContent-Length: "
            . strlen($bytes) . "\r\n\r\n$bytes";
        if (@fwrite($port->stream, $request) !== strlen($request)) {
            return 'the connection is broken';
        }
        return $this->reply($port->stream, $end);
    }

    /** @return string|array what failed, or status and body */
    private function reply($stream, float $end)
    {
        $text = '';
        $headEnd = false;
        $length = null;
        while ($length === null || strlen($text) < $headEnd + 4 + $length) {
            $left = $end - self::now();
            if ($left <= 0) {
                $this->counts['timeouts']++;
                return 'no answer in time';
            }
            if (!$this->waitFor($stream, $left)) {
                continue;
            }
            $part = @fread($stream, 65536);
            if ($part === false || ($part === '' && feof($stream))) {
                return 'the connection is broken';
            }
            $text .= $part;
            $headEnd = $headEnd === false ? strpos($text, "\r\n\r\n") : $headEnd;
            if ($headEnd !== false && $length === null) {
                $head = substr($text, 0, $headEnd);
                if (preg_match('/^Content-Length: *(\d+) *\r?$/mi', $head, $found) !== 1) {
                    return 'an answer without a length';
                }
                $length = (int) $found[1];
            }
        }
        $status = (int) substr($text, 9, 3);
        return [$status, substr($text, $headEnd + 4, $length)];
    }

    private function waitFor($stream, float $seconds): bool
    {
        $read = [$stream];
        $none = null;
        return @stream_select($read, $none, $none, (int) $seconds, (int) (fmod($seconds, 1) * 1e6)) > 0;
    }

    private function answered(IdClientCall $call, IdClientPort $port, array $answer): bool
    {
        $code = $answer['code'];
        $error = $answer['error'] ?? '';
        $message = $answer['message'] ?? '';
        $ofTheRequest = ($code >= 400 && $code < 500 && $code !== 429) || $error === 'RULE_ERROR';
        $port->answered(self::now());
        if ($code >= 500 && !$ofTheRequest) {
            $port->bad(self::now());
        }
        if ($code === 0) {
            $call->data = $answer['data'] ?? null;
            if ($call->isWhole()) {
                return true;
            }
            $call->trail[$port->name] = 'answered something else';
            return false;
        }
        $this->counts['refused']++;
        $call->trail[$port->name] = $error;
        if ($error === 'BAD_FIELD' && strpos($message, 'count: at most') === 0 && $this->haveHttp && !$port->isHttp) {
            $call->httpOnly = true;
            return false;
        }
        $call->refusal = $answer;
        if ($error === 'EXHAUSTED' || $error === 'NOT_FOUND') { // each server counts for itself
            $call->told[] = $port->number;
            $call->verdict = $answer;
        } elseif ($ofTheRequest) {
            throw self::refusal($answer);
        }
        return false;
    }

    private function failed(IdClientCall $call, IdClientPort $port, string $reason): void
    {
        $call->trail[$port->name] = $reason;
        $port->failed(self::now());
    }

    private function atDeadline(IdClientCall $call, int $tries): IdClientException
    {
        $trail = [];
        foreach ($call->trail as $name => $outcome) {
            $trail[] = "$name: $outcome";
        }
        $tried = sprintf('no ids within %d ms, after %d %s: %s', round($this->deadline * 1000), $tries,
            $tries === 1 ? 'try' : 'tries', implode('; ', $trail));
        return $call->refusal === null
            ? new IdClientException('NO_ANSWER', 0, $tried)
            : self::refusal($call->refusal, "; $tried");
    }

    private static function refusal(array $answer, string $more = ''): IdClientException
    {
        $error = $answer['error'] ?? "ERROR_$answer[code]";
        return new IdClientException($error, $answer['code'], ($answer['message'] ?? '') . $more);
    }
}

/** One request with all its tries. */
final class IdClientCall
{
    public $request;
    public $count;
    public $deadline;
    /** @var array seq => [port, sent], of datagrams that may still be answered */
    public $open = [];
    public $trail = [];
    /** @var int[] servers that have said what they have to say */
    public $told = [];
    public $httpOnly = false;
    public $data = null;
    public $refusal = null;
    public $verdict = null;

    public function __construct(array $request, int $count, float $deadline)
    {
        $this->request = $request;
        $this->count = $count;
        $this->deadline = $deadline;
    }

    public function isWhole(): bool
    {
        if ($this->request['action'] === 'monitor') {
            return is_array($this->data) && isset($this->data['counter']);
        }
        if ($this->request['action'] === 'cancel') {
            return $this->data === null;
        }
        if ($this->count > 0) {
            return is_array($this->data) && count($this->data) === $this->count;
        }
        return is_string($this->data);
    }
}

/**
 * Ids of one namespace, fetched in batches, so that most cost no round trip. PHP does one thing at a time, so the next
 * batch is fetched when the last one is used up, not beside it; each is twice as large as the one before, up to the
 * bound, while they are used up before they are too old.
 *
 * An id is as old as its batch: one with a date in it may show the day before for max_age after midnight. What is left
 * at the end of the process, or grows too old, is a gap: this is for processes that live on, not for one page.
 */
final class IdCache
{
    private $client;
    private $rule;
    private $app;
    private $least;
    private $most;
    private $maxAge;
    private $target;
    private $ids = [];
    private $born = 0;
    private $counts = ['fetched' => 0, 'expired' => 0, 'waits' => 0, 'failures' => 0];

    /**
     * @param int $least how many it fetches at first, 1 or more
     * @param int $most how many it fetches at once at the most
     * @param float $maxAge seconds after which ids are dropped, 0 for never
     */
    public function __construct(
        IdClient $client,
        string $rule,
        string $app,
        int $least = 20,
        int $most = IdClient::MOST_IDS,
        float $maxAge = 60.0
    ) {
        if ($least < 1 || $most < $least) {
            throw new InvalidArgumentException("needs 1 <= least <= most: least=$least, most=$most");
        }
        $this->client = $client;
        $this->rule = $rule;
        $this->app = $app;
        $this->least = $least;
        $this->most = min($most, $client->largestBatch());
        $this->maxAge = $maxAge;
        $this->target = min($least, $this->most);
    }

    /** The next id, which no other call returns. */
    public function next(): string
    {
        if ($this->ids !== [] && $this->maxAge > 0 && hrtime(true) / 1e9 - $this->born > $this->maxAge) {
            $this->counts['expired'] += count($this->ids);
            $this->ids = [];
            $this->target = max(min($this->least, $this->most), intdiv($this->target, 2));
        }
        if ($this->ids === []) {
            $this->fetch();
        }
        return array_pop($this->ids);
    }

    private function fetch(): void
    {
        $this->counts['waits']++;
        try {
            $ids = $this->client->getMany($this->rule, $this->app, $this->target);
        } catch (IdClientException $e) {
            $this->counts['failures']++;
            throw $e;
        }
        $this->born = hrtime(true) / 1e9;
        $this->ids = array_reverse($ids);
        $this->counts['fetched'] += count($ids);
        $this->target = min($this->most, 2 * $this->target);
    }

    /** Counts since the cache was made, what is in hand and how many it fetches next. */
    public function metrics(): array
    {
        return $this->counts + ['in_hand' => count($this->ids), 'target' => $this->target];
    }
}

/**
 * Serves a script, where this file is run itself: reads one JSON command a line from stdin, writes one JSON result a
 * line. The commands are those of id_client.py.
 */
function id_client_main(): void
{
    $settings = json_decode(fgets(STDIN), true);
    $servers = $settings['servers'];
    unset($settings['servers']);
    $client = new IdClient($servers, $settings);
    while (($line = fgets(STDIN)) !== false) {
        $command = json_decode($line, true);
        $began = hrtime(true);
        try {
            $result = ['ok' => id_client_do($client, $command)];
        } catch (IdClientException $e) {
            $result = ['error' => $e->getError(), 'code' => $e->getCode(), 'message' => $e->getMessage()];
        }
        $result['ms'] = (hrtime(true) - $began) / 1e6;
        echo json_encode($result), "\n";
    }
}

/** @return mixed */
function id_client_do(IdClient $client, array $command)
{
    if ($command['do'] === 'metrics') {
        return $client->metrics();
    }
    $rule = $command['rule'];
    $app = $command['app'];
    switch ($command['do']) {
        case 'monitor':
            return $client->monitor($rule, $app);
        case 'hold':
            return $client->hold($rule, $app, $command['request_id']);
        case 'confirm':
            return $client->confirm($rule, $app, $command['request_id']);
        case 'cancel':
            $client->cancel($rule, $app, $command['request_id']);
            return null;
        case 'cache': // PHP has one thread: it takes the ids of all of them
            $cache = new IdCache($client, $rule, $app);
            $taken = [];
            for ($i = $command['threads'] * $command['ids']; $i > 0; $i--) {
                $taken[] = $cache->next();
            }
            return $taken;
        default:
            $salt = $command['salt'] ?? '';
            $count = $command['count'] ?? 0;
            return $count > 0 ? $client->getMany($rule, $app, $count, $salt) : $client->get($rule, $app, $salt);
    }
}

if (PHP_SAPI === 'cli' && realpath($_SERVER['SCRIPT_FILENAME'] ?? '') === __FILE__) {
    id_client_main();
}
