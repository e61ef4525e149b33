// SPDX-License-Identifier: GPL-2.0-only
/*
 * How often each line of etun ran: adds up the counters of a build for that (src/build --coverage) whenever the module
 * goes, which is before each test case, and tells the sums in /proc/etun_coverage:
 *
 *   file VERSION STAMP CHECKSUM PATH       what gcov compares with its notes, in hexadecimal
 *   function IDENT LINES GRAPH COUNTER...  of that file; the counters in decimal
 *
 * What gcc leaves in memory is described in gcc/gcov-io.h and libgcc/libgcov.h; this is how gcc 12 does it.
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Of these kinds of counters only the first, of the arcs between blocks, is asked for. */
#define KINDS 8

struct gcov_function {
	const void *key;
	unsigned int ident, lines, graph;
	struct {
		unsigned int count;
		const s64 *counter;
	} arcs;
};

struct gcov_file {
	unsigned int version;
	const void *next;
	unsigned int stamp, checksum;
	const char *path;
	const void *merge[KINDS];
	unsigned int functions;
	const struct gcov_function *const *function;
};

/* The sums of one function, and what it is called. */
struct sums {
	struct list_head list;
	unsigned int version, stamp, checksum, ident, lines, graph, count;
	char path[200];
	s64 sum[];
};

static LIST_HEAD(all);
static DEFINE_MUTEX(lock);
static unsigned long (*lookup)(const char *name);

static struct sums *new_sums(const struct gcov_file *file, const struct gcov_function *function)
{
	struct sums *sums = kvzalloc(struct_size(sums, sum, function->arcs.count), GFP_KERNEL);

	if (!sums)
		return NULL;
	sums->version = file->version;
	sums->stamp = file->stamp;
	sums->checksum = file->checksum;
	sums->ident = function->ident;
	sums->lines = function->lines;
	sums->graph = function->graph;
	sums->count = function->arcs.count;
	strscpy(sums->path, file->path, sizeof(sums->path));
	list_add_tail(&sums->list, &all);
	return sums;
}

static struct sums *find_sums(const struct gcov_file *file, const struct gcov_function *function)
{
	struct sums *sums;

	list_for_each_entry(sums, &all, list)
		if (sums->stamp == file->stamp && sums->ident == function->ident && sums->graph == function->graph &&
		    !strcmp(sums->path, file->path))
			return sums;
	return new_sums(file, function);
}

static void add_file(const struct gcov_file *file)
{
	unsigned int i, n;

	for (i = 0; i < file->functions; i++) {
		const struct gcov_function *function = file->function[i];
		struct sums *sums;

		/* A function that another object's copy stands for. */
		if (!function || function->key != file)
			continue;
		sums = find_sums(file, function);
		for (n = 0; sums && n < function->arcs.count; n++)
			sums->sum[n] += function->arcs.counter[n];
	}
}

static int going(struct notifier_block *block, unsigned long state, void *data)
{
	const struct module *mod = data;
	const struct gcov_file *const *file, *const *end;

	if (state != MODULE_STATE_GOING || strcmp(mod->name, "etun"))
		return NOTIFY_DONE;
	file = (void *)lookup("etun:etun_gcov_begin");
	end = (void *)lookup("etun:etun_gcov_end");
	if (!file || !end) {
		pr_err("etun_coverage: this etun.ko does not count\n");
		return NOTIFY_DONE;
	}
	mutex_lock(&lock);
	while (++file < end)
		add_file(*file);
	mutex_unlock(&lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = going };

static int tell(struct seq_file *seq, void *unused)
{
	const struct sums *sums;
	const char *path = "";
	unsigned int n;

	mutex_lock(&lock);
	list_for_each_entry(sums, &all, list) {
		if (strcmp(path, sums->path))
			seq_printf(seq, "file %x %x %x %s\n", sums->version, sums->stamp, sums->checksum, sums->path);
		path = sums->path;
		seq_printf(seq, "function %x %x %x", sums->ident, sums->lines, sums->graph);
		for (n = 0; n < sums->count; n++)
			seq_printf(seq, " %lld", sums->sum[n]);
		seq_putc(seq, '\n');
	}
	mutex_unlock(&lock);
	return 0;
}

/* It is not exported; a probe knows where it is. */
static int find_lookup(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	int error = register_kprobe(&probe);

	if (error)
		return error;
	lookup = (void *)probe.addr;
	unregister_kprobe(&probe);
	return 0;
}

static int __init coverage_load(void)
{
	int error = find_lookup();

	if (error)
		return error;
	if (!proc_create_single("etun_coverage", 0400, NULL, tell))
		return -ENOMEM;
	return register_module_notifier(&notifier);
}

static void __exit coverage_unload(void)
{
	struct sums *sums, *next;

	unregister_module_notifier(&notifier);
	remove_proc_entry("etun_coverage", NULL);
	list_for_each_entry_safe(sums, next, &all, list)
		kvfree(sums);
}

module_init(coverage_load);
module_exit(coverage_unload);
MODULE_DESCRIPTION("How often each line of etun ran, for its tests");
MODULE_LICENSE("GPL");
