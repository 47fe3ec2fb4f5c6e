#include "sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

enum { BACKLOG = 1024, STALL_MS = 10000 };

static struct sockaddr_in loopback(uint16_t port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
}

static struct sockaddr_un unix_address(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) fail("%s: path of a socket is too long", path);
    strcpy(address.sun_path, path);
    return address;
}

static int opened(int domain) {
    int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail_errno("socket");
    return fd;
}

static void set_no_delay(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_loopback(uint16_t port) {
    struct sockaddr_in address = loopback(port);
    int fd = opened(AF_INET), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail_errno("bind");
    if (listen(fd, BACKLOG) != 0) fail_errno("listen");
    return fd;
}

int listen_unix(const char *path) {
    struct sockaddr_un address = unix_address(path);
    int fd = opened(AF_UNIX);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) fail_errno(path);
    if (listen(fd, BACKLOG) != 0) fail_errno(path);
    return fd;
}

int connect_loopback(uint16_t port) {
    struct sockaddr_in address = loopback(port);
    int fd = opened(AF_INET);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) fail_errno("connect");
    set_no_delay(fd);
    return fd;
}

int connect_unix(const char *path, long patience_ms) {
    struct sockaddr_un address = unix_address(path);
    uint64_t deadline = monotonic_ns() + (uint64_t)patience_ms * 1000000;
    int fd = opened(AF_UNIX);
    while (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != ENOENT && errno != ECONNREFUSED) fail_errno(path);
        if (monotonic_ns() > deadline) fail("%s: nobody listens after %ld ms", path, patience_ms);
        usleep(1000);
    }
    return fd;
}

int accepted(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) fail_errno("accept");
    set_no_delay(fd);  // no meaning and no effect on a Unix socket
    return fd;
}

void set_nonblocking(int fd) {
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) fail_errno("fcntl");
}

bool writable(int fd, int timeout_ms) {
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    return poll(&wanted, 1, timeout_ms) > 0;
}

ssize_t read_some(int fd, void *bytes, size_t capacity) {
    for (;;) {
        ssize_t length = recv(fd, bytes, capacity, MSG_DONTWAIT);
        if (length >= 0) return length;
        if (errno == EAGAIN) return -1;
        if (errno == ECONNRESET) return 0;
        if (errno != EINTR) fail_errno("recv");
    }
}

bool write_all(int fd, const void *bytes, size_t length) {
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = send(fd, next, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (written >= 0) {
            next += written;
            length -= (size_t)written;
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return false;
        } else if (errno == EAGAIN) {
            if (!writable(fd, STALL_MS)) fail("the peer has not read for %d ms", STALL_MS);
        } else if (errno != EINTR) {
            fail_errno("send");
        }
    }
    return true;
}
