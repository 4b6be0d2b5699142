//! The library loaded as packetdrill loads it, with the table of functions through which packetdrill drives it.

use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::path::PathBuf;

use sockscope_judge::table::Interface;

fn library() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folders = test.ancestors().skip(1).take(2);
    folders.map(|folder| folder.join("libsockscope_judge.so")).find(|path| path.exists()).expect("the library is built")
}

/// The loaded library.
pub(crate) struct Packetdrill(pub(crate) Interface);

// The table is only ever used as packetdrill uses it: one blocking call on a second thread, everything else on the first.
unsafe impl Send for Packetdrill {}
unsafe impl Sync for Packetdrill {}

impl Packetdrill {
    /// Loads it anew: a kernel of its own.
    pub(crate) fn load() -> Self {
        let path = CString::new(library().into_os_string().into_encoded_bytes()).expect("a path has no zero");
        unsafe {
            let handle = libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
            assert!(!handle.is_null(), "{:?}", CStr::from_ptr(libc::dlerror()));
            let symbol = libc::dlsym(handle, c"packetdrill_interface_init".as_ptr());
            assert!(!symbol.is_null(), "the library exports its entry");
            let init: unsafe extern "C" fn(*const c_char, *mut Interface) = std::mem::transmute(symbol);
            let mut table = MaybeUninit::uninit();
            init(std::ptr::null(), table.as_mut_ptr());
            Self(table.assume_init())
        }
    }
}

impl Drop for Packetdrill {
    fn drop(&mut self) {
        unsafe { (self.0.free)(self.0.userdata) };
    }
}
