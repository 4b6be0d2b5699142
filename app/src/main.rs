//! The door of the program: the helper that holds a private network first (it must not have touched anything), then
//! the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(live)]
    if let Some(code) = sockscope::live::holder::namespace_helper_main(std::env::args_os()) {
        return code;
    }
    sockscope::cli::start()
}
