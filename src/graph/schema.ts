import type { GraphQLSchema } from 'graphql';
import './root.ts';
import '../directory/directory.graph.ts';
import '../directory/settings.graph.ts';
import '../directory/apiKey.graph.ts';
import '../directory/rateLimit.graph.ts';
import '../contact/team.graph.ts';
import '../contact/contact.graph.ts';
import '../contact/case.graph.ts';
import '../permission/permission.graph.ts';
import '../permission/availability.graph.ts';
import '../permission/template.graph.ts';
import '../permission/member.graph.ts';
import '../permission/defaults.graph.ts';
import '../reference/reference.graph.ts';
import '../sync/sync.graph.ts';
import '../sync/externalNode.graph.ts';
import '../tool/customFieldMutations.graph.ts';
import '../tool/fieldsetMutations.graph.ts';
import '../tool/statusMutations.graph.ts';
import '../tool/toolMutations.graph.ts';
import '../topic/topic.graph.ts';
import '../file/upload.graph.ts';
import '../item/item.graph.ts';
import '../item/sight.graph.ts';
import '../item/itemCustomFields.graph.ts';
import '../item/origin.graph.ts';
import '../item/itemMutation.graph.ts';
import '../item/itemReferences.graph.ts';
import '../item/statistics.graph.ts';
import '../related/related.graph.ts';
import '../response/response.graph.ts';
import '../attachment/attachment.graph.ts';
import '../search/search.graph.ts';
import '../export/export.graph.ts';
import '../live/live.graph.ts';
import '../view/view.graph.ts';
import '../notification/notification.graph.ts';
import './deliverySights.ts';
import '../webhook/webhook.graph.ts';
import '../webhook/webhookMutations.graph.ts';
import { builder } from './builder.ts';
import { finish, finishForCode } from './finish.ts';

/** The whole graph; every feature adds its part when it is imported above. */
export const schema: GraphQLSchema = finish(builder.toSchema({ sortSchema: true }));

/** The same for compiled operations alone: its fields do not all bear their names. */
export const schemaForCode: GraphQLSchema = finishForCode(builder.toSchema({ sortSchema: true }));
