//! A program without the standard library: it moves an alias, and ends with 0 if all went well.
#![no_std]
#![no_main]

use core::alloc::{GlobalAlloc, Layout};
use core::ffi::c_int;
use core::panic::PanicInfo;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

use kms_alias::{
    AccountId, AliasName, AliasTable, KeyArn, KeyId, KeyMetadata, Region, Scope, Timestamp,
};

const MEMORY: usize = 1 << 20;

/// Hands out a fixed piece of memory once and takes nothing back.
struct Bump {
    memory: core::cell::UnsafeCell<[u8; MEMORY]>,
    used: AtomicUsize,
}

// SAFETY: each part of the memory is handed out once, by an atomic addition.
unsafe impl Sync for Bump {}

// SAFETY: what is handed out lies in the memory, is aligned, and overlaps with nothing else.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let needed = layout.size() + layout.align();
        let at = self.used.fetch_add(needed, Ordering::Relaxed);
        if at.saturating_add(needed) > MEMORY {
            return ptr::null_mut();
        }
        // SAFETY: `at + needed` is inside the memory.
        let start = unsafe { self.memory.get().cast::<u8>().add(at) };
        // SAFETY: less than the alignment is added, which is part of what was reserved.
        unsafe { start.add(start.align_offset(layout.align())) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ALLOCATOR: Bump = Bump {
    memory: core::cell::UnsafeCell::new([0; MEMORY]),
    used: AtomicUsize::new(0),
};

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    // SAFETY: the C library's `abort` takes nothing and does not return.
    unsafe { abort() }
}

/// The prebuilt `alloc` names the functions of unwinding, which `panic = "abort"` never calls.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    // SAFETY: as above.
    unsafe { abort() }
}

#[link(name = "c")]
unsafe extern "C" {
    fn abort() -> !;
}

fn moves_an_alias() -> Option<()> {
    let scope = Scope::new(
        Region::from_static("eu-west-3"),
        AccountId::from_static("111122223333"),
    );
    let key = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");
    let absent = KeyId::from_static("0987dcba-09fe-87dc-65ba-ab0987654321");
    let mut table = AliasTable::new(scope);
    let metadata = KeyMetadata::builder(KeyArn::new(scope, key)).build().ok()?;
    table.insert_key(metadata).ok()?;
    let payments: AliasName = "alias/payments".parse().ok()?;
    let now = Timestamp::from_millis(1_700_000_000_000);
    table.create_alias(payments.clone(), key, now).ok()?;
    let refusal = table.update_alias(payments, absent, now).err()?;
    (refusal.exception() == "NotFoundException" && table.len() == 1).then_some(())
}

#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    c_int::from(moves_an_alias().is_none())
}
