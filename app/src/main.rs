//! The door of the program: the helper that holds a private network first (it must not have touched anything), then
//! the command line, and what became of it as an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(live)]
    if let Some(code) = sockscope::live::holder::namespace_helper_main(std::env::args_os()) {
        return code;
    }
    let (done, lang) = sockscope::cli::start();
    sockscope::refusal::exit(done, lang)
}
