// How the load worker introduces itself to the router.
#ifndef HELLO_H
#define HELLO_H

#include "frames.h"

void put_hello(struct frame_output *output);

#endif
