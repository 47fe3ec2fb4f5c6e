// The least that a reader of STEP frames can do: what the bridge is measured against.
#pragma once
#include <stdint.h>

// Reads so many STEP frames from a socket, 64 KiB at a time, and adds up their tokens, which are
// decoded by hand. Stops at the socket's end, or at anything that is no STEP frame.
//
// Returns the sum, so that nothing of it can be optimised away.
uint64_t bridge_floor_read(int socket, uint64_t frames);
