// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A bounded ring of words between one consumer and producers of which one at a time is inside.
///
/// A slot that holds 0 is free. So producer and consumer share nothing but the slots: to push and to pop neither reads
/// the other's index, and "full" and "empty" are each one load of the slot that comes next. Who produces holds a lock;
/// who consumes is NAPI, of which one runs.
#ifndef ETUN_CORE_RING_HPP
#define ETUN_CORE_RING_HPP

namespace etun {

/// The ring. Its slots are memory that somebody else allocated, zeroed, and frees. Any context; see each function.
class Ring {
public:
	/// What a slot holds: a pointer and flags in its lowest bits; never 0 when pushed.
	using Word = unsigned long;

	constexpr Ring() = default;
	constexpr Ring(Word *slots, unsigned size) : slots_(slots), size_(size) {}

	/// Slots in all.
	unsigned size() const { return size_; }

	/// True while one more word fits. Producer.
	bool has_room() const { return __atomic_load_n(&slots_[tail_], __ATOMIC_ACQUIRE) == 0; }

	/// Appends \p word; there must be room. Producer.
	void push(Word word)
	{
		// What the word points to is complete before the consumer can find it.
		__atomic_store_n(&slots_[tail_], word, __ATOMIC_RELEASE);
		__atomic_store_n(&tail_, after(tail_), __ATOMIC_RELAXED);
	}

	/// True when the next slot holds nothing. Consumer, or who was it just now: where another has begun meanwhile
	/// the answer may be either, and it is the other's to look again.
	bool empty() const
	{
		return __atomic_load_n(&slots_[__atomic_load_n(&head_, __ATOMIC_RELAXED)], __ATOMIC_RELAXED) == 0;
	}

	/// Takes the oldest word, or 0. Consumer.
	Word pop()
	{
		const unsigned head = head_;
		const Word word = __atomic_load_n(&slots_[head], __ATOMIC_ACQUIRE);
		if (word == 0)
			return 0;
		// Before the slot is free, so that a producer in waiting() does not take a full ring for an empty one.
		__atomic_store_n(&head_, after(head), __ATOMIC_RELAXED);
		// The producer that finds the slot free may reuse it: nothing of ours is read from it after this.
		__atomic_store_n(&slots_[head], 0, __ATOMIC_RELEASE);
		return word;
	}

	/// Words inside, as far as one side knows of the other. Any context.
	unsigned waiting() const
	{
		const unsigned tail = __atomic_load_n(&tail_, __ATOMIC_RELAXED);
		const unsigned head = __atomic_load_n(&head_, __ATOMIC_RELAXED);
		if (tail == head)
			return __atomic_load_n(&slots_[tail], __ATOMIC_RELAXED) == 0 ? 0 : size_;
		return tail > head ? tail - head : tail + size_ - head;
	}

	Word *slots() const { return slots_; }

private:
	unsigned after(unsigned index) const { return index + 1 == size_ ? 0 : index + 1; }

	static constexpr unsigned cache_line = 64;

	Word *slots_ = nullptr;
	unsigned size_ = 0;
	// Each side's own line, so that neither disturbs the other.
	alignas(cache_line) unsigned tail_ = 0;
	alignas(cache_line) unsigned head_ = 0;
};

} // namespace etun

#endif
