//! `--tap NAME`: a device of the host itself, prepared by the administrator for this user, or made with the
//! capability NET_ADMIN. Promise: that capability, and a superuser's whole power, is given up as soon as the device is
//! open ([`super::privilege`]).

use std::io;

use super::privilege::become_invoker;
use super::refusal::Refusal;
use crate::link::configure::{Cidr, bring_up, is_up, quiet_and_patient, set_address};
use crate::link::device_name::check_name;
use crate::link::tap::TapDevice;

/// Attaches to the device `name` or makes it. One that is down gets `address` and is switched on.
/// To be called before the program has threads: capabilities belong to a thread.
///
/// # Errors
/// The sentence that says what is missing.
pub fn open(name: &str, address: Cidr) -> Result<TapDevice, Refusal> {
    check_name(name).map_err(|fault| Refusal::device_name(name, fault))?;
    let opened = TapDevice::open(name).map_err(|error| Refusal::tun(&error)).and_then(|device| {
        ready(name, address)?;
        Ok(device)
    });
    become_invoker()?;
    opened
}

/// Makes sure the device is on. A prepared one that is already on is left exactly as it is.
fn ready(name: &str, address: Cidr) -> Result<(), Refusal> {
    if is_up(name).is_ok_and(|up| up) {
        return Ok(());
    }
    let _impatient = quiet_and_patient(name);
    set_address(name, address).and_then(|()| bring_up(name)).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Refusal::device_down(name, &address.to_string()),
        _ => Refusal::setting_up(name, &error),
    })
}
