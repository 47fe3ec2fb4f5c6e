/* counting_worker SOCKET: a worker without a model; a stream's tokens are 1, 2, 3 and so on. */
#include <sys/un.h>
#include "hocket_worker.h"

static volatile sig_atomic_t leaving;
static void leave(int signal) { leaving = signal; }
static uint32_t count(struct hw_stream *stream) { return (uint32_t)++stream->state; }

int main(int argc, char **argv) {
    struct hw_model model = {"counting", "counting-c", 131072, count};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path) return 2;
    strcpy(address.sun_path, argv[1]);
    signal(SIGTERM, leave);
    enum hw_end end = HW_LOST;
    for (useconds_t pause = 100000; !leaving; pause = pause < 1000000 ? 2 * pause : 2000000) {
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            end = hocket_serve(&model, fd, &leaving), pause = 100000;
        close(fd);
        if (end != HW_LOST) return end == HW_REFUSED;
        usleep(pause / 2 + (useconds_t)(hw_clock(CLOCK_MONOTONIC) % (pause / 2)));
    }
    return 0;
}
