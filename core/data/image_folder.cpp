#include "data/image_folder.h"

#include "data/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace lab {

namespace fs = std::filesystem;

namespace {

bool isHidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool isJpegName(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  return extension == ".jpg" || extension == ".jpeg";
}

/// What is in a folder, by name. Throws fs::filesystem_error.
std::vector<fs::path> entriesOf(const fs::path& folder, bool folders) {
  std::vector<fs::path> entries;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (!isHidden(entry.path()) && entry.is_directory() == folders) entries.push_back(entry.path());
  std::ranges::sort(entries);
  return entries;
}

std::vector<std::string> classesOf(const fs::path& part) {
  std::vector<std::string> classes;
  for (const fs::path& folder : entriesOf(part, true)) classes.push_back(folder.filename().string());
  return classes;
}

Problems addClass(std::vector<ImageFile>& files, const fs::path& folder, size_t label) {
  const size_t before = files.size();
  for (fs::path& path : entriesOf(folder, false)) {
    if (!isJpegName(path))
      return {fileProblem(path,
                          "is not called a JPEG image (.jpg or .jpeg): converting it, or moving it elsewhere, "
                          "would be right")};
    files.push_back({std::move(path), static_cast<Label>(label)});
  }
  if (files.size() == before) return {fileProblem(folder, "is a class without images")};
  return {};
}

/// One of train and val.
Problems addPart(std::vector<ImageFile>& files, const fs::path& part, const std::vector<std::string>& classes) {
  for (const std::string& name : classesOf(part)) {
    const auto found = std::ranges::lower_bound(classes, name);
    if (found == classes.end() || *found != name)
      return {fileProblem(part / name, "is a class that the training images do not have")};
    auto problems = addClass(files, part / name, static_cast<size_t>(found - classes.begin()));
    if (!problems.empty()) return problems;
  }
  if (files.empty())
    return {fileProblem(part,
                        "holds no images: folders of them, one a class, would be right (n01440764/*.JPEG and so "
                        "on)")};
  return {};
}

}  // namespace

Result<ImageListing> listImageFolder(const fs::path& folder) {
  ImageListing listing;
  try {
    listing.classes = classesOf(folder / "train");
    if (constexpr size_t most = size_t{std::numeric_limits<Label>::max()} + 1; listing.classes.size() > most)
      return fileProblem(folder / "train",
                         fmt::format("holds {} classes, at most {} are possible", listing.classes.size(), most));
    if (auto problems = addPart(listing.train, folder / "train", listing.classes); !problems.empty())
      return problems;
    if (auto problems = addPart(listing.test, folder / "val", listing.classes); !problems.empty()) return problems;
  } catch (const fs::filesystem_error& error) {
    return fileProblem(error.path1(), fmt::format("cannot be read ({})", error.code().message()));
  }
  return listing;
}

}  // namespace lab
