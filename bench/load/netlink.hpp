// SPDX-License-Identifier: GPL-2.0-only
// rtnetlink without a library: a message under construction, and a socket that sends it and waits for the answer.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The kernel said no: its errno, and its own words where it gave any.
struct Refused : std::runtime_error {
	Refused(const std::string &what, int error, const std::string &text);
	int error;
	std::string text;
};

/// Throws a runtime_error with errno's text.
[[noreturn]] void fail(const std::string &what);

class Message {
public:
	Message(std::uint16_t type, std::uint16_t flags);

	template <class T> void body(const T &value) { append(&value, sizeof(value)); }
	void attribute(std::uint16_t type, const void *data, std::size_t size);
	template <class T> void number(std::uint16_t type, T value) { attribute(type, &value, sizeof(value)); }
	void text(std::uint16_t type, std::string_view value);
	/// Opens a nested attribute; close() takes what this returned.
	std::size_t open(std::uint16_t type);
	void close(std::size_t at);
	/// The whole message, with its length and number filled in.
	std::span<const char> bytes(std::uint32_t sequence);

private:
	void append(const void *data, std::size_t size);

	std::vector<char> bytes_;
};

/// A socket of the network namespace that the thread is in when it is made.
class Rtnetlink {
public:
	explicit Rtnetlink(std::uint32_t groups = 0);
	Rtnetlink(const Rtnetlink &) = delete;
	Rtnetlink &operator=(const Rtnetlink &) = delete;
	~Rtnetlink();

	/// Sends and waits for the kernel's answer. Throws Refused.
	void request(Message &message, const std::string &what);
	/// Waits until so many links were told to be gone; for a socket made with RTMGRP_LINK.
	void await_deletions(unsigned count);

private:
	int fd_;
	std::uint32_t sequence_ = 0;
};

} // namespace bench
