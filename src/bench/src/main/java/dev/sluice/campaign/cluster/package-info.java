/** The processes that a campaign owns and hurts: PostgreSQL, services of the shipped jar, what lies between and behind. */
package dev.sluice.campaign.cluster;
