#include "data/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace lab {

struct Digest::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

namespace {

void need(int success) {
  if (success != 1) throw std::runtime_error("the checksum library refuses to work");
}

}  // namespace

Digest::Digest(Kind kind) : context_(std::make_unique<Context>()) {
  need(EVP_DigestInit_ex(context_->evp, kind == Kind::Md5 ? EVP_md5() : EVP_sha256(), nullptr));
}

Digest::~Digest() = default;

void Digest::add(std::span<const uint8_t> bytes) {
  need(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()));
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned length = 0;
  need(EVP_DigestFinal_ex(context_->evp, raw.data(), &length));
  std::string digits;
  for (unsigned i = 0; i < length; ++i) digits += fmt::format("{:02x}", raw[i]);
  return digits;
}

std::string sha256(std::span<const uint8_t> bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.finish();
}

}  // namespace lab
