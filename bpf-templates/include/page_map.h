/*
 * From a struct page to the bytes of its page: memory is mapped in one piece, struct pages stand in
 * one array, and the kernel chooses both addresses when it starts (KASLR). User space may tell them
 * (`page_map`); a template that defines LOOK_UP_SYMBOLS reads the kernel's variables where it did not
 * (x86_64). Not all templates do: libbpf reads the whole of /proc/kallsyms then, for 100 ms and more.
 */
#pragma once
#include "helpers.h"
#include "kernel.h"
#include "record.h"

const volatile struct page_map page_map __attribute__((aligned(8))) = {};

#ifdef LOOK_UP_SYMBOLS
/* arch/x86/kernel/head64.c; 0 where the kernel does not tell (CONFIG_KALLSYMS_ALL, kptr_restrict). */
extern const void page_offset_base __ksym __weak;
extern const void vmemmap_base __ksym __weak;

static __always_inline __u64 read_symbol(const void *symbol)
{
	__u64 value = 0;

	if (symbol)
		bpf_probe_read_kernel(&value, sizeof(value), symbol);
	return value;
}
#else
#define read_symbol(symbol) 0ULL
#endif

/* false: pages cannot be found. */
static __always_inline bool find_pages(struct page_map *map)
{
	map->memory = page_map.memory;
	map->pages = page_map.pages;
	if (!map->memory || !map->pages) {
		map->memory = read_symbol(&page_offset_base);
		map->pages = read_symbol(&vmemmap_base);
	}
	return map->memory && map->pages && type_exists(struct page);
}

/* 4 KiB: always on x86_64; of kernels with larger pages user space says nothing. */
#define PAGE_SHIFT 12

static __always_inline __u64 address_of_page(const struct page_map *map, __u64 page)
{
	return map->memory + ((page - map->pages) / type_size(struct page) << PAGE_SHIFT);
}
