// SPDX-License-Identifier: GPL-2.0-only
#include "netlink.hpp"

#include <cerrno>
#include <cstring>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

// The kernel's own words, from the attributes behind the answer.
std::string words_of(const nlmsghdr *header)
{
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return {};
	const auto *answer = static_cast<const nlmsgerr *>(NLMSG_DATA(header));
	std::size_t at = NLMSG_LENGTH(sizeof(*answer));
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		at += NLMSG_ALIGN(answer->msg.nlmsg_len - NLMSG_HDRLEN);
	while (at + NLA_HDRLEN <= header->nlmsg_len) {
		const auto *attribute = reinterpret_cast<const nlattr *>(reinterpret_cast<const char *>(header) + at);
		if ((attribute->nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			return reinterpret_cast<const char *>(attribute) + NLA_HDRLEN;
		at += NLA_ALIGN(attribute->nla_len);
	}
	return {};
}

} // namespace

Refused::Refused(const std::string &what, int error_, const std::string &text_)
	: std::runtime_error(what + ": " + std::strerror(error_) + (text_.empty() ? "" : " (" + text_ + ")")),
	  error(error_), text(text_)
{
}

void fail(const std::string &what)
{
	throw std::runtime_error(what + ": " + std::strerror(errno));
}

Message::Message(std::uint16_t type, std::uint16_t flags)
{
	nlmsghdr header{};
	header.nlmsg_type = type;
	header.nlmsg_flags = flags | NLM_F_REQUEST | NLM_F_ACK;
	append(&header, sizeof(header));
}

void Message::append(const void *data, std::size_t size)
{
	const auto *from = static_cast<const char *>(data);
	bytes_.insert(bytes_.end(), from, from + size);
	bytes_.resize(NLMSG_ALIGN(bytes_.size()));
}

void Message::attribute(std::uint16_t type, const void *data, std::size_t size)
{
	const nlattr header{static_cast<std::uint16_t>(NLA_HDRLEN + size), type};
	append(&header, sizeof(header));
	append(data, size);
}

void Message::text(std::uint16_t type, std::string_view value)
{
	attribute(type, std::string(value).c_str(), value.size() + 1);
}

std::size_t Message::open(std::uint16_t type)
{
	const std::size_t at = bytes_.size();
	attribute(type, nullptr, 0);
	return at;
}

void Message::close(std::size_t at)
{
	reinterpret_cast<nlattr *>(bytes_.data() + at)->nla_len = static_cast<std::uint16_t>(bytes_.size() - at);
}

std::span<const char> Message::bytes(std::uint32_t sequence)
{
	auto *header = reinterpret_cast<nlmsghdr *>(bytes_.data());
	header->nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
	header->nlmsg_seq = sequence;
	return bytes_;
}

Rtnetlink::Rtnetlink(std::uint32_t groups) : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE))
{
	if (fd_ < 0)
		fail("rtnetlink");
	const int on = 1, room = 64 << 20;
	setsockopt(fd_, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	if (groups)
		setsockopt(fd_, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	sockaddr_nl local{};
	local.nl_family = AF_NETLINK;
	local.nl_groups = groups;
	if (bind(fd_, reinterpret_cast<sockaddr *>(&local), sizeof(local)))
		fail("rtnetlink");
}

Rtnetlink::~Rtnetlink()
{
	close(fd_);
}

void Rtnetlink::request(Message &message, const std::string &what)
{
	const auto bytes = message.bytes(++sequence_);
	if (send(fd_, bytes.data(), bytes.size(), 0) < 0)
		fail(what);
	for (;;) {
		alignas(nlmsghdr) char buffer[16384];
		const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
		if (got < 0)
			fail(what);
		const auto *header = reinterpret_cast<const nlmsghdr *>(buffer);
		if (header->nlmsg_seq != sequence_ || header->nlmsg_type != NLMSG_ERROR)
			continue;
		const int error = -static_cast<const nlmsgerr *>(NLMSG_DATA(header))->error;
		if (error)
			throw Refused(what, error, words_of(header));
		return;
	}
}

void Rtnetlink::await_deletions(unsigned count)
{
	unsigned gone = 0;
	while (gone < count) {
		alignas(nlmsghdr) char buffer[65536];
		const ssize_t got = recv(fd_, buffer, sizeof(buffer), 0);
		if (got < 0)
			fail("waiting for links to go");
		auto left = static_cast<unsigned>(got);
		for (auto *header = reinterpret_cast<nlmsghdr *>(buffer); NLMSG_OK(header, left);
		     header = NLMSG_NEXT(header, left))
			gone += header->nlmsg_type == RTM_DELLINK;
	}
}

} // namespace bench
