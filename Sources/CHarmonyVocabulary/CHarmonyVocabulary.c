#include "CHarmonyVocabulary.h"

// #embed is C23; the compiler also takes it in earlier modes and warns that it is an extension.
#pragma clang diagnostic ignored "-Wc23-extensions"

#define TABLE _Alignas(64) const unsigned char

TABLE charmony_token_bytes[] = {
#embed "Tables/TokenBytes.bin"
};

TABLE charmony_token_extents[] = {
#embed "Tables/TokenExtents.bin"
};

TABLE charmony_piece_slots[] = {
#embed "Tables/PieceSlots.bin"
};

TABLE charmony_near_merges[] = {
#embed "Tables/NearMerges.bin"
};

TABLE charmony_merge_slots[] = {
#embed "Tables/MergeSlots.bin"
};

TABLE charmony_byte_tokens[] = {
#embed "Tables/ByteTokens.bin"
};

TABLE charmony_character_classes[] = {
#embed "Tables/CharacterClasses.bin"
};

TABLE charmony_lead_bytes[] = {
#embed "Tables/LeadBytes.bin"
};

TABLE charmony_character_tokens[] = {
#embed "Tables/CharacterTokens.bin"
};

TABLE charmony_joined_characters[] = {
#embed "Tables/JoinedCharacters.bin"
};

TABLE charmony_torn_boundaries[] = {
#embed "Tables/TornBoundaries.bin"
};
