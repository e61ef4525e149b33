// SPDX-License-Identifier: GPL-2.0-only
//
// The guest's PID 1. Makes the host's root, read-only over virtiofs, a writable
// root (overlay on memory), starts guest/inside there, carries its output to the
// host, and tells the host the verdict before the power goes off.
//
// The kernel command line names the run directory (guest.run) and the token the
// verdict must begin with (guest.token). The run directory holds the plan.

#include "plan.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

void say(std::string_view text)
{
	const std::string line = "guest: " + std::string{text} + "\n";
	const int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (kmsg < 0)
		return;
	[[maybe_unused]] const auto written = write(kmsg, line.data(), line.size());
	close(kmsg);
}

// Resets at once, which ends QEMU: an orderly way down may wait for a lock that a
// broken driver holds.
[[noreturn]] void power_off()
{
	const int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
	if (trigger >= 0 && write(trigger, "b", 1) == 1)
		sleep(5);
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

// No verdict is written, so the host knows that the boot failed.
[[noreturn]] void fail(std::string_view what)
{
	say(std::string{what} + ": " + strerror(errno));
	power_off();
}

std::string contents_of(const std::string &path)
{
	std::string text;
	const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return text;
	char buffer[4096];
	ssize_t got;
	while ((got = read(file, buffer, sizeof buffer)) > 0)
		text.append(buffer, static_cast<std::size_t>(got));
	close(file);
	return text;
}

void make_directories(const std::string &path)
{
	for (auto end = path.find('/', 1); end != path.npos; end = path.find('/', end + 1))
		mkdir(path.substr(0, end).c_str(), 0755);
	mkdir(path.c_str(), 0755);
}

void must_mount(const char *type, const char *source, const std::string &target, unsigned long flags,
		const char *options)
{
	make_directories(target);
	if (mount(source, target.c_str(), type, flags, options) != 0)
		fail("cannot mount " + std::string{type} + " on " + target);
}

// For file systems that some kernels are built without.
void may_mount(const char *type, const std::string &target)
{
	make_directories(target);
	mount(type, target.c_str(), type, 0, nullptr);
}

// The host worked out the order; see guest/initramfs.
void load_boot_modules()
{
	std::string list = contents_of("/modules/order");
	while (!list.empty()) {
		const std::string path = "/modules/" + take_line(list);
		const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
		if (file < 0 || syscall(SYS_finit_module, file, "", 0) != 0)
			fail("cannot load " + path);
		close(file);
	}
}

// Sets the capabilities in effect, and returns what they were.
__u32 swap_capabilities(__u32 effective)
{
	__user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
	__user_cap_data_struct data[2]{};
	syscall(SYS_capget, &header, data);
	const __u32 before = data[0].effective;
	data[0].effective = effective;
	syscall(SYS_capset, &header, data);
	return before;
}

constexpr __u32 all_but_file_owner = ~(1U << CAP_FOWNER);

// Overlay opens files as whoever mounted it, and with O_NOATIME if that one may act
// as their owner. A host's server that is not root may not, and refuses.
void mount_root(bool foreign_files)
{
	const __u32 before = foreign_files ? swap_capabilities(all_but_file_owner) : 0;
	must_mount("overlay", "root", "/root", 0, "lowerdir=/host,upperdir=/changes/upper,workdir=/changes/work");
	if (foreign_files)
		swap_capabilities(before);
}

void enter_host_root(bool foreign_files)
{
	must_mount("virtiofs", "host", "/host", MS_RDONLY, nullptr);
	must_mount("tmpfs", "tmpfs", "/changes", 0, "mode=755,size=75%");
	make_directories("/changes/upper");
	make_directories("/changes/work");
	mount_root(foreign_files);
	// A pivot is not possible out of an initramfs.
	if (chdir("/root") != 0 || mount(".", "/", nullptr, MS_MOVE, nullptr) != 0 || chroot(".") != 0 ||
	    chdir("/") != 0)
		fail("cannot enter the host's root");
}

// An empty directory on memory, unless it would hide what the run needs.
void empty_directory(const std::string &path, const char *options, const std::string &needed)
{
	std::string rest = needed;
	while (!rest.empty())
		if (take_line(rest).starts_with(path + "/"))
			return;
	must_mount("tmpfs", "tmpfs", path, MS_NOSUID | MS_NODEV, options);
}

// Lines `bind=SOURCE:TARGET` of the plan: what the guest is to find in the place of something of the host's.
void bind_what_is_planned(std::string plan)
{
	while (!plan.empty()) {
		const std::string pair = field(take_line(plan), "bind=", '\n');
		const auto colon = pair.find(':');
		if (pair.empty() || colon == pair.npos)
			continue;
		const std::string target = pair.substr(colon + 1);
		make_directories(target);
		if (mount(pair.substr(0, colon).c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0)
			fail("cannot mount " + pair);
	}
}

void mount_kernel_file_systems()
{
	must_mount("proc", "proc", "/proc", 0, nullptr);
	must_mount("sysfs", "sysfs", "/sys", 0, nullptr);
	must_mount("devtmpfs", "devtmpfs", "/dev", 0, nullptr);
	must_mount("devpts", "devpts", "/dev/pts", 0, "gid=5,mode=620,ptmxmode=666");
	must_mount("tmpfs", "tmpfs", "/dev/shm", 0, "mode=1777");
	may_mount("debugfs", "/sys/kernel/debug");
	may_mount("tracefs", "/sys/kernel/tracing");
	may_mount("bpf", "/sys/fs/bpf");
	may_mount("cgroup2", "/sys/fs/cgroup");
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

void raise_loopback()
{
	const int any = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ifreq request{};
	strcpy(request.ifr_name, "lo");
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (any < 0 || ioctl(any, SIOCSIFFLAGS, &request) != 0)
		fail("cannot bring lo up");
	close(any);
}

// The driver makes its nodes some time after it was loaded.
int open_soon(const std::string &path, int flags)
{
	for (int attempt = 0; attempt < 1000; ++attempt) {
		const int file = open(path.c_str(), flags | O_CLOEXEC);
		if (file >= 0)
			return file;
		usleep(10'000);
	}
	fail("cannot open " + path);
}

// Ports are named after their device's place among all virtio devices; guest/run
// puts the serial one first.
int open_port(char number)
{
	return open_soon(std::string{"/dev/vport0p"} + number, O_WRONLY);
}

void write_all(int file, std::string_view data)
{
	while (!data.empty()) {
		const ssize_t done = write(file, data.data(), data.size());
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			fail("cannot write to the host");
		data.remove_prefix(static_cast<std::size_t>(done));
	}
}

// What the supervisor writes into one end comes out here, and goes to a port of
// the host, or is kept when there is no port.
class Stream {
public:
	explicit Stream(int port) : port_{port}
	{
		int ends[2];
		if (pipe2(ends, O_CLOEXEC) != 0)
			fail("cannot make a pipe");
		reader_ = ends[0];
		writer_ = ends[1];
		fcntl(reader_, F_SETFL, O_NONBLOCK);
	}

	int reader() const { return reader_; }
	int writer() const { return writer_; }
	const std::string &kept() const { return kept_; }

	void carry()
	{
		char buffer[65536];
		ssize_t got;
		while ((got = read(reader_, buffer, sizeof buffer)) > 0) {
			const std::string_view data{buffer, static_cast<std::size_t>(got)};
			if (port_ >= 0)
				write_all(port_, data);
			else if (kept_.size() < sizeof buffer)
				kept_.append(data);
		}
	}

private:
	int port_;
	int reader_;
	int writer_;
	std::string kept_;
};

// A terminal of its own for --shell: job control needs a controlling one.
void become_interactive(const std::string &size)
{
	const int terminal = open_soon("/dev/hvc0", O_RDWR);
	winsize window{};
	if (sscanf(size.c_str(), "%hux%hu", &window.ws_row, &window.ws_col) == 2)
		ioctl(terminal, TIOCSWINSZ, &window);
	ioctl(terminal, TIOCSCTTY, 1);
	for (int target : {0, 1, 2})
		dup2(terminal, target);
}

[[noreturn]] void become_supervisor(const std::string &run, const std::string &plan, const Stream &out,
				    const Stream &err, const Stream &verdict)
{
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, nullptr);
	setsid();
	const std::string size = field(plan, "shell=", '\n');
	if (!size.empty()) {
		become_interactive(size);
	} else {
		dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
		dup2(out.writer(), 1);
		dup2(err.writer(), 2);
	}
	dup2(verdict.writer(), 3);
	const std::string script = field(plan, "repository=", '\n') + "/guest/inside";
	const std::string term = "TERM=" + field(plan, "term=", '\n');
	const char *environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
				     "HOME=/root",
				     "USER=root",
				     "LOGNAME=root",
				     "LANG=C.UTF-8",
				     term.c_str(),
				     nullptr};
	execle("/bin/bash", "bash", script.c_str(), run.c_str(), nullptr, environment);
	fail("cannot start " + script);
}

// True once the supervisor is among the dead; collects orphans on the way.
bool reap(pid_t supervisor)
{
	bool found = false;
	for (pid_t dead; (dead = waitpid(-1, nullptr, WNOHANG)) > 0;)
		found |= dead == supervisor;
	return found;
}

std::string supervise(const std::string &run, const std::string &plan)
{
	sigset_t children;
	sigemptyset(&children);
	sigaddset(&children, SIGCHLD);
	sigprocmask(SIG_BLOCK, &children, nullptr);
	const int deaths = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);

	Stream out{open_port('1')};
	Stream err{open_port('2')};
	Stream verdict{-1};
	const pid_t supervisor = fork();
	if (supervisor < 0)
		fail("cannot fork");
	if (supervisor == 0)
		become_supervisor(run, plan, out, err, verdict);

	for (bool alive = true; alive;) {
		pollfd events[] = {{out.reader(), POLLIN, 0},
				   {err.reader(), POLLIN, 0},
				   {verdict.reader(), POLLIN, 0},
				   {deaths, POLLIN, 0}};
		poll(events, std::size(events), -1);
		signalfd_siginfo ignored;
		while (read(deaths, &ignored, sizeof ignored) > 0)
			continue;
		// Asked before the pipes are read: what it wrote last is still read.
		alive = !reap(supervisor);
		out.carry();
		err.carry();
		verdict.carry();
	}
	return verdict.kept();
}

} // namespace

int main()
{
	must_mount("devtmpfs", "devtmpfs", "/dev", 0, nullptr);
	must_mount("proc", "proc", "/proc", 0, nullptr);
	std::string command_line = contents_of("/proc/cmdline");
	command_line = take_line(command_line);
	const std::string run = field(command_line, "guest.run=", ' ');
	const std::string token = field(command_line, "guest.token=", ' ');

	load_boot_modules();
	enter_host_root(!field(command_line, "guest.files=", ' ').empty());
	mount_kernel_file_systems();
	const std::string plan = contents_of(run + "/plan");
	const std::string needed = run + "\n" + field(plan, "repository=", '\n') + "\n" +
				   field(plan, "directory=", '\n') + "\n" + field(plan, "modules=", '\n');
	bind_what_is_planned(plan);
	empty_directory("/run", "mode=755", needed);
	empty_directory("/tmp", "mode=1777", needed);
	make_directories("/lib/modules");
	if (mount(field(plan, "modules=", '\n').c_str(), "/lib/modules", nullptr, MS_BIND, nullptr) != 0)
		fail("cannot mount the modules");
	sethostname("guest", 5);
	raise_loopback();

	const std::string verdict = supervise(run, plan);
	write_all(open_port('3'), token + " " + verdict);
	power_off();
}
