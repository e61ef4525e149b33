// SPDX-License-Identifier: GPL-2.0-only
// Two findings for clang-tidy: a name in another style, and a read after a move.
#include <utility>

namespace etun {

class [[nodiscard]] Box {
public:
	explicit Box(int *content) : content_(content) {}
	Box(Box &&other) noexcept : content_(std::exchange(other.content_, nullptr)) {}
	Box &operator=(Box &&) = delete;
	~Box() = default;
	int *content() const { return content_; }

private:
	int *content_;
};

int *ReadAfterMove(Box box);
int *ReadAfterMove(Box box)
{
	const Box moved(std::move(box));
	return moved.content() ? box.content() : nullptr;
}

} // namespace etun
