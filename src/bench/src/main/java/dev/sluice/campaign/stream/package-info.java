/** Writers, well-behaved and hostile: what they send, what they are told, and what must hold of the answers. */
package dev.sluice.campaign.stream;
