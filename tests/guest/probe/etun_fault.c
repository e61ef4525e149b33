// SPDX-License-Identifier: GPL-2.0-only
/*
 * Failures that do not happen by themselves.
 *
 *   echo "fail skb_copy_ubufs 3" >/sys/module/etun_fault/parameters/run; cat .../left
 *
 *   fail FUNCTION COUNT [SPARED]
 *                              the next COUNT calls of a kernel function that returns an int give -ENOMEM instead, behind
 *                              SPARED calls that work
 *   null FUNCTION COUNT [SPARED]
 *                              the same of one that returns a pointer, which is then NULL
 *   delay DEV TIME             processor 0 takes TIME microseconds after it has counted a frame that DEV transmits
 *   refuse DEV EVENT           a notifier refuses DEV, or * for all, with -EBUSY one of the events that may be refused: register,
 *                              postinit, preup, changename, pretypechange, prechangeupper, changeupper, prechangemtu
 *                              (before it is set), changemtu (after that, when it has to be taken back)
 *   spare FUNCTION             what /proc/thread-self/fail-nth makes fail does not fail within that function, and is not
 *                              counted there: for what the kernel itself takes for a bug when it fails
 *   nothing                    all works again
 *
 * `left` is how many of the COUNT calls are still to come, `refused` how often DEV was refused, `delays` how often it was
 * delayed. Kernels for testing have
 * fault injection for that; Debian's have kprobes (Documentation/trace/kprobes.rst).
 */
#include <linux/delay.h>
#include <linux/hw_breakpoint.h>
#include <linux/kprobes.h>
#include <linux/linkage.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/objtool.h>
#include <linux/perf_event.h>
#include <linux/string.h>

static atomic_t left = ATOMIC_INIT(0);
static atomic_t spared = ATOMIC_INIT(0);
static char function[64];
static bool probing, sparing;
static long outcome;
static char refused_device[IFNAMSIZ];
static unsigned long refused_event;
static int refused;

static const struct {
	const char *name;
	unsigned long event;
} events[] = {
	{ "register", NETDEV_REGISTER },	     { "postinit", NETDEV_POST_INIT },
	{ "preup", NETDEV_PRE_UP },		     { "changename", NETDEV_CHANGENAME },
	{ "pretypechange", NETDEV_PRE_TYPE_CHANGE }, { "prechangeupper", NETDEV_PRECHANGEUPPER },
	{ "changeupper", NETDEV_CHANGEUPPER },	     { "prechangemtu", NETDEV_PRECHANGEMTU },
	{ "changemtu", NETDEV_CHANGEMTU },
};

#ifdef CONFIG_X86
/* A probe that is a call of ftrace's may change where to go on, but not the stack: so it goes on at a return. */
asm(".pushsection .text\n"
    "etun_fault_return:\n\t"
    ANNOTATE_NOENDBR
    "\n\t"
    ASM_RET
    ".size etun_fault_return, .-etun_fault_return\n"
    ".type etun_fault_return, @function\n"
    ".popsection");
void etun_fault_return(void);

static void return_at_once(struct pt_regs *regs)
{
	instruction_pointer_set(regs, (unsigned long)etun_fault_return);
}
#else
/* The address to return to is in a register. */
static void return_at_once(struct pt_regs *regs)
{
	instruction_pointer_set(regs, procedure_link_pointer(regs));
}
#endif

/* Instead of the function. */
static int fail_call(struct kprobe *probe, struct pt_regs *regs)
{
	if (atomic_dec_if_positive(&spared) >= 0 || atomic_dec_if_positive(&left) < 0)
		return 0;
	regs_set_return_value(regs, outcome);
	return_at_once(regs);
	return 1;
}

static struct kprobe probe = { .pre_handler = fail_call };

/*
 * A watchpoint on the count that processor 0 has of what a device transmits. Between two instructions of the driver there
 * is no function to probe.
 */
static struct perf_event *__percpu *watchpoint;
static unsigned int delay_microseconds, delays;

static void delay_writer(struct perf_event *event, struct perf_sample_data *data, struct pt_regs *regs)
{
	delays++;
	udelay(delay_microseconds);
}

static int delay(const char *name, const char *time)
{
	struct perf_event *__percpu *made;
	struct perf_event_attr attr;
	struct net_device *dev;

	if (kstrtouint(time, 0, &delay_microseconds) || delay_microseconds > 5000)
		return -EINVAL;
	dev = dev_get_by_name(&init_net, name);
	if (!dev)
		return -ENODEV;
	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)&per_cpu_ptr(dev->tstats, 0)->tx_packets;
	attr.bp_len = HW_BREAKPOINT_LEN_8;
	attr.bp_type = HW_BREAKPOINT_W;
	dev_put(dev);
	delays = 0;
	made = register_wide_hw_breakpoint(&attr, delay_writer, NULL);
	if (IS_ERR((void __force *)made))
		return PTR_ERR((void __force *)made);
	watchpoint = made;
	return 0;
}

static int refuse(struct notifier_block *block, unsigned long event, void *info)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(info);

	if (event != refused_event || (strcmp(refused_device, "*") && strcmp(dev->name, refused_device)))
		return NOTIFY_DONE;
	refused++;
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block notifier = { .notifier_call = refuse };

/* The count of failures to come is put aside. */
static int enter_spared(struct kretprobe_instance *instance, struct pt_regs *regs)
{
#ifdef CONFIG_FAULT_INJECTION
	*(unsigned int *)instance->data = current->fail_nth;
	current->fail_nth = 0;
#endif
	return 0;
}

static int leave_spared(struct kretprobe_instance *instance, struct pt_regs *regs)
{
#ifdef CONFIG_FAULT_INJECTION
	current->fail_nth = *(unsigned int *)instance->data;
#endif
	return 0;
}

static struct kretprobe around;

static void nothing(void)
{
	if (probing)
		unregister_kprobe(&probe);
	if (sparing)
		unregister_kretprobe(&around);
	if (watchpoint)
		unregister_wide_hw_breakpoint(watchpoint);
	watchpoint = NULL;
	probing = sparing = false;
	atomic_set(&left, 0);
	refused_event = 0;
}

static int spare(const char *name)
{
	int error;

	nothing();
	if (strscpy(function, name, sizeof(function)) < 0)
		return -EINVAL;
	memset(&around, 0, sizeof(around));
	around.entry_handler = enter_spared;
	around.handler = leave_spared;
	around.data_size = sizeof(unsigned int);
	around.kp.symbol_name = function;
	error = register_kretprobe(&around);
	sparing = !error;
	return error;
}

static int fail(const char *name, const char *count, const char *before, long instead)
{
	int calls, works = 0, error;

	if (kstrtoint(count, 0, &calls) || (*before && kstrtoint(before, 0, &works)) || strscpy(function, name, sizeof(function)) < 0)
		return -EINVAL;
	nothing();
	/* The kernel wants it as new each time. */
	memset(&probe, 0, sizeof(probe));
	probe.pre_handler = fail_call;
	probe.symbol_name = function;
	error = register_kprobe(&probe);
	probing = !error;
	outcome = instead;
	atomic_set(&spared, works);
	atomic_set(&left, calls);
	return error;
}

static int refuse_event(const char *name, const char *event)
{
	int i;

	nothing();
	if (strscpy(refused_device, name, sizeof(refused_device)) < 0)
		return -EINVAL;
	refused = 0;
	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(event, events[i].name))
			refused_event = events[i].event;
	return refused_event ? 0 : -EINVAL;
}

static int run_set(const char *text, const struct kernel_param *param)
{
	char verb[16] = "", object[64] = "", more[16] = "", most[16] = "";

	sscanf(text, "%15s %63s %15s %15s", verb, object, more, most);
	if (!strcmp(verb, "fail"))
		return fail(object, more, most, -ENOMEM);
	if (!strcmp(verb, "null"))
		return fail(object, more, most, 0);
	if (!strcmp(verb, "refuse"))
		return refuse_event(object, more);
	if (!strcmp(verb, "spare"))
		return spare(object);
	nothing();
	if (!strcmp(verb, "delay"))
		return delay(object, more);
	return strcmp(verb, "nothing") ? -EINVAL : 0;
}

static int left_get(char *page, const struct kernel_param *param)
{
	return sysfs_emit(page, "%d\n", atomic_read(&left));
}

static const struct kernel_param_ops run_ops = { .set = run_set };
static const struct kernel_param_ops left_ops = { .get = left_get };
module_param_cb(run, &run_ops, NULL, 0200);
module_param_cb(left, &left_ops, NULL, 0400);
module_param(refused, int, 0400);
module_param(delays, uint, 0400);

static int __init fault_load(void)
{
	return register_netdevice_notifier(&notifier);
}

static void __exit fault_unload(void)
{
	unregister_netdevice_notifier(&notifier);
	nothing();
}

module_init(fault_load);
module_exit(fault_unload);
MODULE_DESCRIPTION("Failures for the tests of etun");
MODULE_LICENSE("GPL");
