// Loopback and Unix stream sockets; every function fails the process when it cannot do its work.
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int listen_loopback(uint16_t port);
int listen_unix(const char *path);
int connect_loopback(uint16_t port);

// Dials every millisecond until somebody listens or the time is over.
int connect_unix(const char *path, long patience_ms);

int accepted(int listener);
void set_nonblocking(int fd);

// Waits until `fd` can be written; false after the time.
bool writable(int fd, int timeout_ms);

// One read of what there is: its length, 0 at the end, −1 when there is nothing now.
ssize_t read_some(int fd, void *bytes, size_t capacity);

// Writes everything, waiting for a slow reader up to ten seconds; false when the peer has gone.
bool write_all(int fd, const void *bytes, size_t length);

#endif
