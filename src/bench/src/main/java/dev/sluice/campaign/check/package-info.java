/** What must hold at the end, read from the tables, files and targets themselves. Knows nothing of the service's code. */
package dev.sluice.campaign.check;
