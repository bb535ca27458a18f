/** Faults, and who inflicts them. */
package dev.sluice.campaign.nemesis;
