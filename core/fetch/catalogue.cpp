#include "fetch/catalogue.h"

#include <fmt/format.h>

#include <algorithm>

namespace lab {

namespace {

const std::string kFashion = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/";
const std::string kMnist = "https://ossci-datasets.s3.amazonaws.com/mnist/";
const std::string kCifar = "https://www.cs.toronto.edu/~kriz/";

/// Six or two files of CIFAR have 184.4 MB; beside them are names of classes and a page.
constexpr ArchiveLimits kCifarLimits{200'000'000, 32};

RemoteFile from(const std::string& server, const char* name, int64_t size, const char* sha256) {
  return {name, server + name, size, sha256};
}

const std::vector<CatalogueEntry>& entries() {
  static const std::vector<CatalogueEntry> kEntries{
      {"fashion-mnist",
       {from(kFashion, "train-images-idx3-ubyte.gz", 26'421'880,
             "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
        from(kFashion, "train-labels-idx1-ubyte.gz", 29'515,
             "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
        from(kFashion, "t10k-images-idx3-ubyte.gz", 4'422'102,
             "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
        from(kFashion, "t10k-labels-idx1-ubyte.gz", 5'148,
             "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")}},
      {"mnist",
       {from(kMnist, "train-images-idx3-ubyte.gz", 9'912'422,
             "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
        from(kMnist, "train-labels-idx1-ubyte.gz", 28'881,
             "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
        from(kMnist, "t10k-images-idx3-ubyte.gz", 1'648'877,
             "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
        from(kMnist, "t10k-labels-idx1-ubyte.gz", 4'542,
             "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")}},
      {"cifar10",
       {from(kCifar, "cifar-10-binary.tar.gz", 170'052'171,
             "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")},
       true,
       kCifarLimits},
      {"cifar100",
       {from(kCifar, "cifar-100-binary.tar.gz", 168'513'733,
             "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")},
       true,
       kCifarLimits},
  };
  return kEntries;
}

}  // namespace

int64_t CatalogueEntry::size() const {
  int64_t bytes = 0;
  for (const RemoteFile& file : files) bytes += file.size;
  return bytes;
}

std::span<const CatalogueEntry> catalogue() { return entries(); }

const CatalogueEntry* findDownload(std::string_view dataset) {
  const auto& all = entries();
  const auto entry = std::ranges::find(all, dataset, &CatalogueEntry::dataset);
  return entry == all.end() ? nullptr : &*entry;
}

CatalogueEntry mirrored(CatalogueEntry entry, const std::string& mirror) {
  if (mirror.empty()) return entry;
  const std::string base = mirror.back() == '/' ? mirror : mirror + "/";
  for (RemoteFile& file : entry.files) file.url = fmt::format("{}{}/{}", base, entry.dataset, file.name);
  return entry;
}

}  // namespace lab
