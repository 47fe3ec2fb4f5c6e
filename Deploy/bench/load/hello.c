#include "hello.h"

#include <hocket/v1/connection.pb-c.h>
#include <hocket/v1/schema.h>
#include <sys/random.h>

#include "answer.h"
#include "clock.h"
#include "fail.h"
#include "harmony.h"

enum {
    CONTEXT_TOKENS = 1 << 20,
    WINDOW_BYTES = 1 << 26,        // of SUBMIT; more than one round of a benchmark sends
};

static Hocket__V1__Vocabulary vocabulary(void) {
    Hocket__V1__Vocabulary vocabulary = HOCKET__V1__VOCABULARY__INIT;
    vocabulary.name = "o200k_harmony";
    vocabulary.size = VOCABULARY_SIZE;
    vocabulary.start_of_text_id = TOKEN_START_OF_TEXT;
    vocabulary.end_of_text_id = TOKEN_END_OF_TEXT;
    vocabulary.return_id = TOKEN_RETURN;
    vocabulary.constrain_id = TOKEN_CONSTRAIN;
    vocabulary.channel_id = TOKEN_CHANNEL;
    vocabulary.start_id = TOKEN_START;
    vocabulary.end_id = TOKEN_END;
    vocabulary.message_id = TOKEN_MESSAGE;
    vocabulary.call_id = TOKEN_CALL;
    return vocabulary;
}

static Hocket__V1__Clock clock_reading(void) {
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    Hocket__V1__Clock clock = HOCKET__V1__CLOCK__INIT;
    clock.mono_ns = monotonic_ns();
    clock.real_ns = nanoseconds(real);
    return clock;
}

void put_hello(struct frame_output *output) {
    uint8_t instance[16];
    if (getrandom(instance, sizeof instance, 0) != sizeof instance) fail_errno("getrandom");
    uint32_t stops[] = {TOKEN_RETURN, TOKEN_CALL};
    Hocket__V1__Model model = HOCKET__V1__MODEL__INIT, *models[] = {&model};
    model.id = "gpt-oss-bench";
    model.context_tokens_max = CONTEXT_TOKENS;
    model.n_stop_token_ids = 2;
    model.stop_token_ids = stops;
    Hocket__V1__Limits limits = HOCKET__V1__LIMITS__INIT;
    limits.streams_max = ANSWER_STREAMS_MAX;
    limits.window_bytes = WINDOW_BYTES;
    Hocket__V1__Vocabulary identity = vocabulary();
    Hocket__V1__Clock clock = clock_reading();
    Hocket__V1__Hello hello = HOCKET__V1__HELLO__INIT;
    hello.role = HOCKET__V1__ROLE__ROLE_WORKER;
    hello.instance_id = (ProtobufCBinaryData){sizeof instance, instance};
    hello.name = "bench";
    hello.generation = clock.real_ns;
    hello.build = "hocket load-worker";
    hello.limits = &limits;
    hello.n_models = 1;
    hello.models = models;
    hello.vocabulary = &identity;
    hello.schema_fingerprint = HOCKET_V1_SCHEMA_FINGERPRINT;
    hello.clock = &clock;
    put_frame(output, FRAME_HELLO, 0, &hello.base);
}
