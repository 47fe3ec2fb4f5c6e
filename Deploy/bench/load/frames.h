// The frames of the worker protocol (Protos/PROTOCOL.md) as a worker reads and writes them.
#ifndef FRAMES_H
#define FRAMES_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum frame_type {
    FRAME_HELLO = 1,
    FRAME_HELLO_ACK = 2,
    FRAME_SUBMIT = 3,
    FRAME_ACCEPT = 4,
    FRAME_STEP = 5,
    FRAME_FINISH = 6,
    FRAME_CANCEL = 7,
    FRAME_CREDIT = 8,
    FRAME_PING = 9,
    FRAME_PONG = 10,
    FRAME_GOAWAY = 11,
    FRAME_STATUS = 12,
    FRAME_STREAM_ERROR = 16,
    FRAME_CONN_ERROR = 17,
};

// A frame as received. It and what it points at are gone with the next read.
struct frame {
    enum frame_type type;
    uint32_t stream;
    const uint8_t *message;    // the protobuf part
    size_t message_length;
    size_t tail_length;        // the bytes after it
};

struct frame_output {
    uint8_t *bytes;
    size_t length, capacity;
};

void put_preface(struct frame_output *output);
void put_frame(struct frame_output *output, enum frame_type type, uint32_t stream,
               const ProtobufCMessage *message);

// Writes what has been put, in one write when the peer keeps up, and empties the output.
void send_frames(struct frame_output *output, int fd);

struct frame_input {
    uint8_t *bytes;
    size_t start, length, capacity;
    bool preface;              // the peer's has been read
};

// Reads once, without waiting; fails the process when the peer has gone.
void receive_frames(struct frame_input *input, int fd);

// Takes the next whole frame of what was read; false when there is none.
bool next_frame(struct frame_input *input, struct frame *frame);

#endif
