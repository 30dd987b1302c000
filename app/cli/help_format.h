#pragma once
// Help whose texts are wrapped to a page's width, beside the options.

#include <CLI/CLI.hpp>

namespace lab::cli {

class HelpFormat : public CLI::Formatter {
 public:
  HelpFormat();
  std::string make_option_desc(const CLI::Option* option) const override;
};

}  // namespace lab::cli
