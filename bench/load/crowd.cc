// SPDX-License-Identifier: GPL-2.0-only
#include "crowd.hpp"

#include "clock.hpp"
#include "sockets.hpp"
#include "uapi/etun.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <vector>

namespace bench {

namespace {

constexpr int group = 77;
constexpr std::size_t longest_write = 4000;
const std::string newif = ETUN_NEWIF_FILE;
const std::string delif = ETUN_DELIF_FILE;

// A link's name of three letters: which end it is, and a number of two digits to base 62; from 3844 on the first letter
// is the next one. None of them is "all", which the kernel takes for itself.
std::string name_of(char end, unsigned number)
{
	static constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const auto base = static_cast<unsigned>(digits.size());
	return {static_cast<char>(end + number / (base * base)), digits[number / base % base], digits[number % base]};
}

// Writes words with blanks between them, as many at a time as fit a write.
void write_words(const std::string &file, const std::vector<std::string> &words)
{
	std::string text;
	for (const auto &word : words) {
		if (text.size() + word.size() > longest_write) {
			write_file(file, text);
			text.clear();
		}
		text += word + ' ';
	}
	write_file(file, text);
}

} // namespace

Crowd::Crowd(const Device &device, unsigned count) : device_(device), count_(count), where_(Namespace::make()) {}

Crowd::~Crowd()
{
	if (there_) {
		join_group();
		remove_group();
	}
}

std::string Crowd::first(unsigned number) const
{
	return name_of('e', number);
}

std::string Crowd::second(unsigned number) const
{
	return name_of('p', number);
}

void Crowd::create()
{
	for (unsigned i = 0; i < count_; i++)
		add_pair(where_->rtnetlink(), device_, first(i), second(i), -1);
	there_ = true;
}

void Crowd::create_by_newif()
{
	std::vector<std::string> words;
	for (unsigned i = 0; i < count_; i++)
		words.push_back(first(i) + ',' + second(i));
	const Inside inside(*where_);
	write_words(newif, words);
	there_ = true;
}

void Crowd::remove_by_delif()
{
	std::vector<std::string> words;
	for (unsigned i = 0; i < count_; i++)
		words.push_back(first(i));
	const Inside inside(*where_);
	write_words(delif, words);
	there_ = false;
}

void Crowd::remove_one_by_one()
{
	for (unsigned i = 0; i < count_; i++)
		where_->remove(first(i));
	there_ = false;
}

void Crowd::join_group()
{
	for (unsigned i = 0; i < count_; i++) {
		Message message(RTM_NEWLINK, 0);
		message.body(ifinfomsg{});
		message.text(IFLA_IFNAME, first(i));
		message.number(IFLA_GROUP, group);
		where_->rtnetlink().request(message, "group");
	}
}

void Crowd::remove_group()
{
	Message message(RTM_DELLINK, 0);
	message.body(ifinfomsg{});
	message.number(IFLA_GROUP, group);
	where_->rtnetlink().request(message, "delete a group");
	there_ = false;
}

double Crowd::remove_with_namespace()
{
	// The second ends go to another namespace, which lives on and hears of their end.
	const auto rest = Namespace::make();
	for (unsigned i = 0; i < count_; i++) {
		Message message(RTM_NEWLINK, 0);
		message.body(ifinfomsg{});
		message.text(IFLA_IFNAME, second(i));
		message.number(IFLA_NET_NS_FD, rest->fd());
		where_->rtnetlink().request(message, "move");
	}
	const Inside inside(*rest);
	Rtnetlink listener(RTMGRP_LINK);
	there_ = false;
	const auto start = now();
	where_.reset();
	listener.await_deletions(count_);
	return static_cast<double>(now() - start);
}

void Crowd::up()
{
	for (unsigned i = 0; i < count_; i++) {
		where_->up(first(i));
		where_->up(second(i));
	}
}

double Crowd::send_in_turn(unsigned frames)
{
	std::vector<sockaddr_ll> ends(count_);
	for (unsigned i = 0; i < count_; i++) {
		ends[i].sll_family = AF_PACKET;
		ends[i].sll_ifindex = where_->index_of(first(i));
	}
	unsigned char frame[60] = {2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 0x98, ETH_P_IP >> 8, ETH_P_IP & 255};
	const Inside inside(*where_);
	const Descriptor sender(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
	const auto send_some = [&](unsigned count) {
		for (unsigned i = 0; i < count; i++) {
			const auto &end = ends[i % count_];
			if (sendto(sender, frame, sizeof(frame), 0, reinterpret_cast<const sockaddr *>(&end),
				   sizeof(end)) < 0)
				fail("send through one of many");
		}
	};
	send_some(std::max(frames / 10, count_));
	const auto start = now();
	send_some(frames);
	return static_cast<double>(now() - start) / frames;
}

} // namespace bench
