/* Holds that the kernel's view of a flow is C, and gives the C compiler's figures to abi_test. */
#include "bpf/abi.h"

unsigned long abi_size_of_flow_in_c(void);
unsigned long abi_offset_of_counters_in_c(void);

unsigned long abi_size_of_flow_in_c(void) {
    return sizeof(struct causeway_flow);
}

unsigned long abi_offset_of_counters_in_c(void) {
    return __builtin_offsetof(struct causeway_end, packets);
}
