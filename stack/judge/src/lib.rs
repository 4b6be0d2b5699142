//! packetdrill's shared-library interface (`--so_filename`) over the stack.
