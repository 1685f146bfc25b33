/*
 * What of the SDK's cryptography TLS has no use for, and need not take flash: DES, ChaCha20 and MD5. The SDK's Digest and
 * BlockCipher name them all; who asks for one of these by its name gets nonsense.
 */
#include <stdint.h>

#include "chacha.h"
#include "fips46.h"
#include "rfc1321.h"

void des_keysched(const uint8_t *key, enum des_cipher_direction direction, des_subkey subkey) {}
void des_process(const uint8_t *in, uint8_t *out, des_subkey subkey) {}
int chacha_keysetup(chacha_ctx *context, const uint8_t *key, uint32_t bytes) { return 0; }
void chacha_ivsetup(chacha_ctx *context, const uint8_t *iv, uint32_t bytes, uint64_t counter) {}
void chacha_process(const void *in, void *out, uint32_t bytes, chacha_ctx *context) {}
void md5_create(struct md5 *context) {}
void md5_update(struct md5 *context, const void *data, uint32_t bytes) {}
void md5_fin(struct md5 *context, uint8_t *digest) {}
