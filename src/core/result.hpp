// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Result: a value or the reason why there is none.
///
/// The project's own type and not std::expected, because clang before 19 does not offer that with
/// libstdc++, and clang compiles this code too (fuzzers, lints, kernels built by clang).
#ifndef ETUN_CORE_RESULT_HPP
#define ETUN_CORE_RESULT_HPP

#include <memory>
#include <type_traits>
#include <utility>

namespace etun {

/// Success without a value: `Result<Done, E>`.
struct Done {};

/// Wraps an error, so that a Result cannot be made from one by accident.
template <typename E> struct [[nodiscard]] Failure {
	E error;
};

/// Returns \p error as the failing outcome of any `Result<T, E>`. Any context.
template <typename E> constexpr Failure<E> fail(E error)
{
	return {error};
}

/// Either a \p T or an \p E; never both, never neither.
///
/// Any context. \p E must be trivial: reporting a failure can't fail. Reading the side that is not
/// there is a bug that stops constant evaluation and, on the host, the sanitizers.
template <typename T, typename E> class [[nodiscard]] Result {
	static_assert(std::is_trivially_copyable_v<E>);

public:
	constexpr Result(T value) : ok_(true), value_(std::move(value)) {}
	constexpr Result(Failure<E> failure) : ok_(false), error_(failure.error) {}

	constexpr Result(Result &&other) noexcept : ok_(other.ok_)
	{
		if (ok_)
			std::construct_at(&value_, std::move(other.value_));
		else
			std::construct_at(&error_, other.error_);
	}

	Result(const Result &) = delete;
	Result &operator=(const Result &) = delete;
	Result &operator=(Result &&) = delete;

	constexpr ~Result()
	{
		if (ok_)
			value_.~T();
	}

	constexpr explicit operator bool() const { return ok_; }
	constexpr T &operator*() { return only_if(ok_), value_; }
	constexpr const T &operator*() const { return only_if(ok_), value_; }
	constexpr T *operator->() { return only_if(ok_), &value_; }
	constexpr const E &error() const { return only_if(!ok_), error_; }

private:
	/// Where the sanitizers stop a read of the side that is not there; no code in the module.
	static constexpr void only_if(bool held)
	{
		if (!held)
			__builtin_unreachable();
	}

	bool ok_;
	union {
		T value_;
		E error_;
	};
};

} // namespace etun

#endif
