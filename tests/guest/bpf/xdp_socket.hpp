// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// An AF_XDP socket with its buffers and its four rings (linux/if_xdp.h).
#ifndef ETUN_TESTS_XDP_SOCKET_HPP
#define ETUN_TESTS_XDP_SOCKET_HPP

#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <vector>

/// One of the rings that are shared with the kernel; T is what a slot holds.
template <typename T> class SharedRing {
public:
	static constexpr std::uint32_t slots = 256;

	/// Makes the ring with a socket option and maps it; false with errno set when it can't.
	bool open(int socket, int option, off_t place, const xdp_ring_offset &at)
	{
		const std::uint32_t wanted = slots;
		if (setsockopt(socket, SOL_XDP, option, &wanted, sizeof(wanted)) != 0)
			return false;
		void *mapped = mmap(nullptr, at.desc + slots * sizeof(T), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_POPULATE, socket, place);
		if (mapped == MAP_FAILED)
			return false;
		auto *start = static_cast<unsigned char *>(mapped);
		producer_ = reinterpret_cast<std::uint32_t *>(start + at.producer);
		consumer_ = reinterpret_cast<std::uint32_t *>(start + at.consumer);
		content_ = reinterpret_cast<T *>(start + at.desc);
		return true;
	}

	bool has_room() const { return *producer_ - __atomic_load_n(consumer_, __ATOMIC_ACQUIRE) < slots; }
	bool is_empty() const { return __atomic_load_n(consumer_, __ATOMIC_ACQUIRE) == *producer_; }

	/// Needs room.
	void push(const T &content)
	{
		content_[*producer_ % slots] = content;
		__atomic_store_n(producer_, *producer_ + 1, __ATOMIC_RELEASE);
	}

	bool pop(T &content)
	{
		if (__atomic_load_n(producer_, __ATOMIC_ACQUIRE) == *consumer_)
			return false;
		content = content_[*consumer_ % slots];
		__atomic_store_n(consumer_, *consumer_ + 1, __ATOMIC_RELEASE);
		return true;
	}

private:
	std::uint32_t *producer_ = nullptr;
	std::uint32_t *consumer_ = nullptr;
	T *content_ = nullptr;
};

/// Half of the buffers wait for frames that arrive, the other half for frames to send.
class Socket {
public:
	Socket(const char *device, unsigned queue, unsigned chunk) : chunk_(chunk)
	{
		descriptor_ = socket(AF_XDP, SOCK_RAW, 0);
		good_ = descriptor_ >= 0 && register_buffers() && open_rings() && bind_to(device, queue);
	}
	~Socket() { close(descriptor_); }
	Socket(const Socket &) = delete;
	Socket &operator=(const Socket &) = delete;

	bool is_good() const { return good_; }
	const char *trouble() const { return trouble_; }
	int descriptor() const { return descriptor_; }
	/// Frames that the kernel has sent.
	unsigned completed() const { return completed_; }

	/// A buffer to send, or null when all are on their way.
	unsigned char *buffer()
	{
		if (free_.empty() || !to_send_.has_room())
			return nullptr;
		unsigned char *buffer = free_.back();
		free_.pop_back();
		return buffer;
	}

	void send(unsigned char *frame, unsigned length)
	{
		while (!to_send_.has_room())
			kick();
		to_send_.push({.addr = static_cast<std::uint64_t>(frame - buffers_), .len = length, .options = 0});
	}

	/// A frame that arrived, or null; to be sent or given back.
	unsigned char *receive()
	{
		xdp_desc got;
		if (!arrived_.pop(got))
			return nullptr;
		length_ = got.len;
		return buffers_ + got.addr;
	}
	unsigned received_length() const { return length_; }

	/// The buffer waits for the next frame.
	void give_back(const unsigned char *frame)
	{
		if (to_fill_.has_room())
			to_fill_.push((frame - buffers_) / chunk_ * chunk_);
	}

	/// Has the kernel send what waits; false when it can't.
	bool kick()
	{
		if (to_send_.is_empty() || sendto(descriptor_, nullptr, 0, MSG_DONTWAIT, nullptr, 0) >= 0 ||
		    errno == EAGAIN || errno == EBUSY || errno == ENOBUFS)
			return true;
		std::perror("sendto");
		return false;
	}

	/// Takes back the buffers of frames that were sent. A buffer goes where it came from.
	void reap()
	{
		std::uint64_t at;
		while (sent_.pop(at)) {
			completed_++;
			if (at < receive_half())
				give_back(buffers_ + at);
			else
				free_.push_back(buffers_ + at / chunk_ * chunk_);
		}
	}

	/// Until a frame arrives, or that many milliseconds.
	void wait(int milliseconds) const
	{
		pollfd want{.fd = descriptor_, .events = POLLIN, .revents = 0};
		poll(&want, 1, milliseconds);
	}

	/// Frames for this socket that it did not get.
	unsigned long long lost() const
	{
		xdp_statistics found{};
		socklen_t size = sizeof(found);
		getsockopt(descriptor_, SOL_XDP, XDP_STATISTICS, &found, &size);
		return found.rx_dropped + found.rx_ring_full + found.rx_fill_ring_empty_descs;
	}

private:
	static constexpr std::uint32_t half = 128;

	std::uint64_t receive_half() const { return std::uint64_t{half} * chunk_; }

	bool stop(const char *what)
	{
		trouble_ = what;
		return false;
	}

	bool register_buffers()
	{
		const std::uint64_t size = 2 * receive_half();
		void *mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mapped == MAP_FAILED)
			return stop("buffers");
		buffers_ = static_cast<unsigned char *>(mapped);
		const xdp_umem_reg wanted{.addr = reinterpret_cast<std::uint64_t>(mapped),
					  .len = size,
					  .chunk_size = chunk_,
					  .headroom = 0,
					  .flags = 0};
		return setsockopt(descriptor_, SOL_XDP, XDP_UMEM_REG, &wanted, sizeof(wanted)) == 0 ||
		       stop("XDP_UMEM_REG");
	}

	bool open_rings()
	{
		// The kernel's rings have their offsets from a socket option, which works before they are made.
		xdp_mmap_offsets at{};
		socklen_t size = sizeof(at);
		if (getsockopt(descriptor_, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size) != 0)
			return stop("XDP_MMAP_OFFSETS");
		if (!to_fill_.open(descriptor_, XDP_UMEM_FILL_RING, XDP_UMEM_PGOFF_FILL_RING, at.fr) ||
		    !sent_.open(descriptor_, XDP_UMEM_COMPLETION_RING, XDP_UMEM_PGOFF_COMPLETION_RING, at.cr) ||
		    !arrived_.open(descriptor_, XDP_RX_RING, XDP_PGOFF_RX_RING, at.rx) ||
		    !to_send_.open(descriptor_, XDP_TX_RING, XDP_PGOFF_TX_RING, at.tx))
			return stop("rings");
		for (std::uint32_t i = 0; i < half; i++) {
			to_fill_.push(std::uint64_t{i} * chunk_);
			free_.push_back(buffers_ + receive_half() + std::uint64_t{i} * chunk_);
		}
		return true;
	}

	bool bind_to(const char *device, unsigned queue)
	{
		const sockaddr_xdp address{.sxdp_family = AF_XDP,
					   .sxdp_flags = XDP_COPY,
					   .sxdp_ifindex = if_nametoindex(device),
					   .sxdp_queue_id = queue,
					   .sxdp_shared_umem_fd = 0};
		return bind(descriptor_, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0 ||
		       stop("bind");
	}

	unsigned chunk_;
	int descriptor_ = -1;
	bool good_ = false;
	const char *trouble_ = "socket";
	unsigned char *buffers_ = nullptr;
	std::vector<unsigned char *> free_;
	SharedRing<std::uint64_t> to_fill_;
	SharedRing<std::uint64_t> sent_;
	SharedRing<xdp_desc> arrived_;
	SharedRing<xdp_desc> to_send_;
	unsigned length_ = 0;
	unsigned completed_ = 0;
};

#endif
