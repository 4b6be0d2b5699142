//! Where frames enter and leave the program. Everything that can carry Ethernet frames stands behind one small
//! trait, so that the pump of a live session, its tests and a possible other back end do not know each other.
//! Promise: nothing here blocks, and frames pass as they are on the wire.

use std::io;
use std::os::fd::BorrowedFd;

pub mod attach;
pub mod configure;
pub mod device_name;
pub mod offload;
pub mod tap;

/// The longest frame that a receiver has to have room for: a TAP device never hands over more in one piece.
pub const LARGEST_FRAME: usize = 65_550;

/// A device that carries whole Ethernet frames (without FCS).
pub trait FrameIo: Send {
    /// Takes the next waiting frame into `buffer` and says how long it is, or `None` when none waits.
    ///
    /// # Errors
    /// What the device reports, except "would block".
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>>;

    /// Hands one frame to the device. `Ok(false)` when the device has no room: on a wire that frame is lost.
    ///
    /// # Errors
    /// What the device reports, except "would block".
    fn transmit(&mut self, frame: &[u8]) -> io::Result<bool>;

    /// Hands over several, one behind the other, and says how many of them are lost.
    ///
    /// # Errors
    /// What the device reports, except "would block".
    fn transmit_all(&mut self, frames: &mut dyn Iterator<Item = &[u8]>) -> io::Result<u64> {
        let mut untaken = 0;
        for frame in frames {
            untaken += u64::from(!self.transmit(frame)?);
        }
        Ok(untaken)
    }

    /// Asks for long segments to pass the device in one piece, which is quicker where much is carried, or no longer. A device
    /// that cannot do that goes on as it was.
    fn offload(&mut self, _wanted: bool) {}

    /// The descriptor that becomes readable when a frame waits.
    fn descriptor(&self) -> BorrowedFd<'_>;
}
