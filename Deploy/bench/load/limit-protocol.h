// What the limit server and its worker say to each other, one byte at a time.
#ifndef LIMIT_PROTOCOL_H
#define LIMIT_PROTOCOL_H

enum {
    LIMIT_STREAM_OPENED = 's',  // server to worker: one more client waits
    LIMIT_TOKEN = 't',          // worker to server: one token for each stream
    LIMIT_STREAMS_END = 'e',    // worker to server: the streams are complete; always written last
};

#endif
